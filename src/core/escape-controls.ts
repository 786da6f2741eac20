/**
 * Characters that a terminal obeys instead of showing: control characters, and those that reorder text or have no width
 * (Unicode's Cc, Cf, Zl, Zp and lone surrogates). The joiners stay, because emoji and Persian need them.
 */
const OBEYED = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Escapes one line of untrusted text, such as a name from a file: characters that a terminal obeys become `\x1b` or `\u202e`. */
export function escapeControls(line: string): string {
  return line.replaceAll(OBEYED, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xffff) return `\\u{${code.toString(16)}}`;
    return code > 0xff
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\x${code.toString(16).padStart(2, '0')}`;
  });
}

/** Escapes text of several lines. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeControls).join('\n');
}
