/**
 * Whether the blocks of a GIF follow one another up to its trailer (GIF89a specification, appendix A): libvips takes one
 * that is cut off for a shorter one.
 */
export function isWholeGif(bytes: Uint8Array): boolean {
  const colourTable = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  let at = 13 + colourTable(bytes[10]);
  while (at < bytes.length) {
    const block = bytes[at];
    if (block === 0x3b) return true;
    if (block === 0x21) at += 2;
    else if (block === 0x2c) at += 11 + colourTable(bytes[at + 9]);
    else return false;
    while (bytes[at] > 0) at += bytes[at] + 1;
    at++;
  }
  return false;
}
