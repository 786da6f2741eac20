import { escapeControls } from '../core/escape-controls.ts';

export interface TableColumn {
  readonly title: string;
  /** Numbers are easier to compare on the right. @defaultValue 'right' */
  readonly align?: 'left' | 'right';
}

/** Formats a table as plain text: a line of titles, then the rows; columns are two spaces apart. Cells may hold any text. */
export function formatTable(columns: readonly TableColumn[], texts: readonly (readonly string[])[]): string {
  const rows = texts.map((row) => row.map(escapeControls));
  const widths = columns.map(({ title }, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align = 'right' }, column) => {
        return align === 'right'
          ? cells[column].padStart(widths[column])
          : cells[column].padEnd(widths[column]);
      })
      .join('  ')
      .trimEnd();
  return [columns.map(({ title }) => title), ...rows].map(line).join('\n');
}
