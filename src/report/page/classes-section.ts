import { type Html, html } from '../../core/html.ts';
import { listed } from '../../data/class-counts.ts';
import { classScores } from '../../nn/class-scores.ts';
import { capitalize, formatCount, formatShare, NETWORK_NAMES } from '../../summary/format.ts';
import type { NetworkClassScores, ReportData } from '../report-data.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';

const NAMES = {
  baseline: capitalize(NETWORK_NAMES.baseline),
  evolved: capitalize(NETWORK_NAMES.evolved),
  control: capitalize(NETWORK_NAMES.control),
} as const;

/** Shows confusion matrices, and precision, recall and F1 of each class that has validation faces. */
export function classesSection(data: ReportData): Html | null {
  const content = eachRun(data, (run) => {
    const {
      classScores,
      dataset: { classes },
    } = run;
    if (classScores.length === 0) return null;
    const suffix = runSuffix(data, run);
    const absent = withoutFaces(classScores[0], classes);
    return html`${absent.length > 0 && html`<p>There are no validation faces of ${listed(absent)}.</p>`}
${f1Table(classScores, classes, suffix)}
<div class="confusions">${classScores.map((scores) => confusionTable(scores, classes, suffix))}</div>
<details><summary>Precision and recall</summary>
${classScores.map((scores) => scoresTable(scores, classes, suffix))}
</details>`;
  });
  return content && section('classes', 'Class by class', content);
}

function withoutFaces({ confusion }: NetworkClassScores, classes: readonly string[]): string[] {
  return classes.filter((_, label) => confusion[label].every((count) => count === 0));
}

function f1Table(networks: readonly NetworkClassScores[], classes: readonly string[], suffix: string): Html {
  const scores = networks.map(({ confusion }) => classScores(confusion));
  return table(
    `F1 of each class on the validation faces${suffix}`,
    [
      { title: 'class', align: 'left' },
      { title: 'faces' },
      ...networks.map(({ network }) => ({ title: NAMES[network] })),
    ],
    classes.flatMap((name, label) => {
      const { support } = scores[0][label];
      if (support === 0) return [];
      return [[name, formatCount(support), ...scores.map((own) => formatShare(own[label].f1))]];
    }),
  );
}

function scoresTable(scores: NetworkClassScores, classes: readonly string[], suffix: string): Html {
  return table(
    `${NAMES[scores.network]}${suffix}`,
    [
      { title: 'class', align: 'left' },
      { title: 'precision' },
      { title: 'recall' },
      { title: 'F1' },
      { title: 'faces' },
    ],
    classScores(scores.confusion).flatMap(({ precision, recall, f1, support }, label) =>
      support === 0
        ? []
        : [[classes[label], ...[precision, recall, f1].map((one) => formatShare(one)), formatCount(support)]],
    ),
  );
}

/** Shows the share of each true class that the network gave each label: the larger, the darker. */
function confusionTable(
  { network, confusion, accuracy, samples, interval95 }: NetworkClassScores,
  classes: readonly string[],
  suffix: string,
): Html {
  const caption =
    `${NAMES[network]}${suffix}: ${formatShare(accuracy)} of ${formatCount(samples)} faces correct ` +
    `(95 %: ${interval95.map((end) => (100 * end).toFixed(1)).join('–')})`;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Confusion matrix, ${NAMES[network]}${suffix}"><table class="confusion">
<caption><span>${caption}</span></caption>
<thead><tr><th scope="col">true ╲ predicted</th>${classes.map((name) => html`<th scope="col"><span>${name}</span></th>`)}</tr></thead>
<tbody>${confusion.map((row, label) => {
    const all = row.reduce((sum, count) => sum + count, 0);
    if (all === 0) return null;
    return html`<tr><th scope="row">${classes[label]}</th>${row.map((count, predicted) => {
      const percent = (100 * count) / all;
      const level = Math.min(9, Math.floor(percent / 10));
      return html`<td class="level-${level}${predicted === label && ' correct'}" title="${count} of ${all}">${Math.round(percent)}</td>`;
    })}</tr>`;
  })}</tbody>
</table></div>`;
}
