/** A spreadsheet takes a field that begins so for a formula (OWASP, "CSV injection"), blanks before it or not. */
const FORMULA = /^'*\s*[=+\-@＝＋－＠]|^'*[\t\r\n]/;
/** What a reader of csv would take apart or trim; a semicolon is a separator where commas are in numbers. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/**
 * One line of a csv file, with its line break. Text that a spreadsheet would take for a formula gets an apostrophe in
 * front, which `csvText` removes; numbers stay numbers. Numbers that are not finite are empty fields.
 */
export function csvLine(fields: readonly (string | number)[]): string {
  return `${fields.map(fieldOf).join()}\n`;
}

/** The text that a field of `csvLine` stands for. */
export function csvText(field: string): string {
  return field.startsWith("'") && FORMULA.test(field) ? field.slice(1) : field;
}

function fieldOf(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
