/**
 * Tests whether the blocks of a GIF follow one another up to its trailer (GIF89a specification, appendix A), because libvips
 * accepts a truncated one as a shorter one.
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

/**
 * Warnings of libjpeg (jerror.h) about faults that leave every pixel intact: some cameras and web servers write such files. All
 * other warnings mean lost pixels.
 */
const HARMLESS = [
  /Invalid SOS parameters for sequential JPEG/,
  /Corrupt JPEG data: \d{1,2} extraneous bytes before marker/,
  /Corrupt JPEG data: bad ICC marker/,
  /Unknown Adobe color transform code/,
  /Warning: unknown JFIF revision number/,
  /read gave 1 warnings/, // libvips adds the number of warnings to the first one
];

/** Finds the first of libvips' warnings about a JPEG that means lost pixels. */
export function damageIn(warnings: readonly string[]): string | undefined {
  const lines = warnings.flatMap((warning) => warning.split('\n')).filter(Boolean);
  return lines.find((line) => !HARMLESS.some((pattern) => pattern.test(line)));
}
