import { type Html, type HtmlValue, html } from '../../core/html.ts';
import type { ReportData, ReportRun } from '../report-data.ts';

/** Wraps content in a section with a heading. */
export function section(id: string, title: string, content: HtmlValue): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${content}
</section>`;
}

/**
 * Shows `before` once and below it the content of each run, folded under its name where there are several runs. `null`
 * where no run has content.
 */
export function eachRun(
  { runs }: ReportData,
  content: (run: ReportRun, index: number) => Html | null,
  before: HtmlValue = null,
): Html | null {
  const parts = runs.flatMap((run, index) => {
    const part = content(run, index);
    return part === null ? [] : [{ run, part }];
  });
  if (parts.length === 0) return null;
  const shown =
    runs.length === 1
      ? parts.map(({ part }) => part)
      : parts.map(
          ({ run, part }) => html`<details class="run"><summary>${run.name}</summary>${part}</details>`,
        );
  return html`${before}${shown}`;
}

/** Names the run in a caption where there are several, for readers who cannot see under which run a table is folded. */
export function runSuffix({ runs }: ReportData, { name }: Pick<ReportRun, 'name'>): string {
  return runs.length > 1 ? `, ${name}` : '';
}

export interface Column {
  readonly title: string;
  /** Numbers are easier to compare on the right. @defaultValue 'right' */
  readonly align?: 'left' | 'right';
}

/** Renders a table whose first column names the rows; a wide one scrolls by itself. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly HtmlValue[])[],
): Html {
  const classOf = (column: number) => (columns[column].align === 'left' ? 'left' : 'right');
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption><span>${caption}</span></caption>
<thead><tr>${columns.map(({ title }, column) => html`<th scope="col" class="${classOf(column)}">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row" class="${classOf(0)}">${name}</th>${cells.map(
        (cell, column) => html`<td class="${classOf(column + 1)}">${cell}</td>`,
      )}</tr>
`,
  )}</tbody>
</table></div>`;
}

/** Lists names with their values. */
export function facts(entries: readonly (readonly [name: string, value: HtmlValue])[]): Html {
  return html`<dl class="facts">${entries.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

/** Shows the first eight digits of a hash. */
export function shortHash(hash: string): Html {
  return html`<code title="${hash}">${hash.slice(0, 8)}</code>`;
}
