import { barChart } from '../../charts/bar-chart.ts';
import { type Html, html } from '../../core/html.ts';
import { FACE_REGIONS } from '../../landmarks/face-regions.ts';
import type { Subgroup } from '../../saliency/subgroups.ts';
import { capitalize, formatCount, formatShare } from '../../summary/format.ts';
import { describeGap } from '../../summary/subgroup-table.ts';
import type { ReportData, ReportRun, RunGroups } from '../report-data.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';
import { shareCells } from './regions-section.ts';

/** Of more groups, such as people, those with the most faces are shown. */
const MAX_GROUPS = 24;

/** Compares the accuracy of the chosen network between the groups of each column of the data. */
export function groupsSection(data: ReportData): Html | null {
  const content = eachRun(
    data,
    (run, index) => {
      if (run.groups.length === 0) return null;
      const suffix = runSuffix(data, run);
      return html`${run.groups.map((column, position) => columnPart(column, `${index + 1}-${position + 1}`, suffix))}
${attentionNote(run)}`;
    },
    html`<p>Accuracy of the chosen network on groups of the validation faces, with 95&nbsp;% intervals. A gap may have other causes that differ between the groups, such as who took the pictures.</p>`,
  );
  return content && section('groups', 'Is it as accurate for everyone?', content);
}

function columnPart(column: RunGroups, id: string, suffix: string): Html {
  const { by, groups, gap, warnings } = column;
  const shown = shownGroups(groups);
  const left = groups.length - shown.length;
  const bars = shown.map(({ name, accuracy, interval95, few }) => ({
    label: `${shortened(name, 22)}${few ? ' (few)' : ''}`,
    value: accuracy,
    text: formatShare(accuracy),
    interval: interval95,
    main: !few,
  }));
  return html`<div class="groups">
<div class="bar-charts">${barChart({ id: `bars-groups-${id}`, title: `Accuracy by ${shortened(by, 16)}`, bars, maximum: 1 })}</div>
<div><p>${describeGap(gap)}</p>
${warnings.length > 0 && html`<div class="notes"><ul>${warnings.map((warning) => html`<li>${capitalize(warning)}.</li>`)}</ul></div>`}
${left > 0 && html`<p>${formatCount(left)} smaller groups are not shown; those with enough faces still count in the gap.</p>`}
${scoresTable(by, shown, suffix)}</div></div>
${column.facesPerClass > 0 && attentionTable(by, shown, suffix)}`;
}

function shownGroups(groups: readonly Subgroup[]): readonly Subgroup[] {
  if (groups.length <= MAX_GROUPS) return groups;
  const largest = new Set(groups.toSorted((a, b) => b.samples - a.samples).slice(0, MAX_GROUPS));
  return groups.filter((group) => largest.has(group));
}

function scoresTable(by: string, groups: readonly Subgroup[], suffix: string): Html {
  return table(
    `Scores by ${by}${suffix}`,
    [
      { title: by, align: 'left' },
      { title: 'faces' },
      { title: 'accuracy' },
      { title: '95 % interval' },
      { title: 'mean of classes' },
      { title: 'loss' },
    ],
    groups.map(({ name, samples, accuracy, interval95, balancedAccuracy, loss }) => [
      name,
      formatCount(samples),
      formatShare(accuracy),
      interval95.map((end) => (100 * end).toFixed(1)).join('–'),
      formatShare(balancedAccuracy),
      loss.toFixed(3),
    ]),
  );
}

function attentionTable(by: string, groups: readonly Subgroup[], suffix: string): Html {
  return table(
    `Share of attention on each part of the face by ${by}${suffix}`,
    [{ title: by, align: 'left' }, ...FACE_REGIONS.map((title) => ({ title }))],
    groups.map(({ name, attention }) => [name, ...shareCells(attention ?? null)]),
  );
}

function attentionNote({ groups: [{ facesPerClass }], dataset: { classes } }: ReportRun): Html {
  return facesPerClass === 0
    ? html`<p class="source">There are too many groups to measure within seconds what the network uses in each; <code>evopatch evaluate --by COLUMN --attention</code> does so.</p>`
    : html`<p class="source">Attention is the rise of the loss where a square is hidden, on at most ${facesPerClass} faces of each of the ${classes.length} classes in each group: enough to reveal a group that is judged by a different part of the face, but not small differences.</p>`;
}

/** Shortens a name to fit a chart; the table has it in full. */
function shortened(name: string, maximum: number): string {
  const characters = [...name];
  return characters.length > maximum ? `${characters.slice(0, maximum - 1).join('')}…` : name;
}
