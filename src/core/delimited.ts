const QUOTE = 0x22;
const SPACE = 0x20;
const DELIMITERS = [',', ';', '\t'].map((one) => one.charCodeAt(0));

/** Finds the delimiter of a csv: the most common of comma, semicolon and tab in its header, outside quotes. */
export function delimiterOf(header: Uint8Array): number {
  const counts = DELIMITERS.map(() => 0);
  let inside = false;
  for (const byte of header) {
    if (byte === QUOTE) inside = !inside;
    else if (!inside && DELIMITERS.includes(byte)) counts[DELIMITERS.indexOf(byte)]++;
  }
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/**
 * Splits a line into fields without copying them, and without the quotes around them. A quoted field may contain the delimiter,
 * and doubled quotes, which `fieldText` unescapes.
 */
export function splitFields(line: Uint8Array, delimiter: number): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let start = 0; start <= line.length; ) {
    const quoted = line[start] === QUOTE ? endOfQuoted(line, start, delimiter) : undefined;
    const found = quoted?.next ?? line.indexOf(delimiter, start);
    const end = found < 0 ? line.length : found;
    fields.push(quoted === undefined ? line.subarray(start, end) : line.subarray(start + 1, quoted.end));
    start = end + 1;
  }
  return fields;
}

/** Gives the text of a field, trimmed. */
export function fieldText(field: Uint8Array): string {
  const text = Buffer.from(field.buffer, field.byteOffset, field.byteLength).toString('utf8');
  return text.replaceAll('""', '"').trim();
}

/** Finds the end of a quoted field and the delimiter after it; `undefined` if no delimiter follows closed quotes. */
function endOfQuoted(line: Uint8Array, start: number, delimiter: number) {
  for (let end = line.indexOf(QUOTE, start + 1); end >= 0; end = line.indexOf(QUOTE, end + 1)) {
    if (line[end + 1] === QUOTE) {
      end++;
      continue;
    }
    let next = end + 1;
    while (line[next] === SPACE) next++;
    return next >= line.length || line[next] === delimiter ? { end, next } : undefined;
  }
  return undefined;
}
