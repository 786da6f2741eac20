import { type Html, type HtmlValue, html } from '../../core/html.ts';
import type { ReportData, ReportRun } from '../report-data.ts';

/** A part of the page, with its heading. */
export function section(id: string, title: string, content: HtmlValue): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${content}
</section>`;
}

/**
 * What is the same for all runs, once, and below it the content of each run: folded under the run's name where there are
 * several. Nothing where no run has any.
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

/** What tells the tables of several runs apart for those who cannot see which run they are folded under. */
export function runSuffix({ runs }: ReportData, { name }: Pick<ReportRun, 'name'>): string {
  return runs.length > 1 ? `, ${name}` : '';
}

export interface Column {
  readonly title: string;
  /** Numbers are easier to compare on the right. @defaultValue 'right' */
  readonly align?: 'left' | 'right';
}

/** A table whose first column names the rows. One that may be wider than a phone can be scrolled by itself. */
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

/** Names with their values. */
export function facts(entries: readonly (readonly [name: string, value: HtmlValue])[]): Html {
  return html`<dl class="facts">${entries.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

/** A hash as far as people compare it. */
export function shortHash(hash: string): Html {
  return html`<code title="${hash}">${hash.slice(0, 8)}</code>`;
}
