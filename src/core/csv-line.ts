/** A field that a spreadsheet takes for a formula (OWASP, "CSV injection"), with or without leading blanks. */
const FORMULA = /^'*\s*[=+\-@＝＋－＠]|^'*[\t\r\n]/;
/** Characters that need quotes; a semicolon separates fields in countries with decimal commas. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/**
 * Writes one line of a csv file, with its line break. Text that a spreadsheet would take for a formula gets a leading apostrophe,
 * which `csvText` removes; numbers stay numbers. Infinite and undefined numbers become empty fields.
 */
export function csvLine(fields: readonly (string | number)[]): string {
  return `${fields.map(fieldOf).join()}\n`;
}

/** Restores the text of a field that `csvLine` wrote. */
export function csvText(field: string): string {
  return field.startsWith("'") && FORMULA.test(field) ? field.slice(1) : field;
}

function fieldOf(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
