import { barChart } from '../../charts/bar-chart.ts';
import { type Html, html } from '../../core/html.ts';
import { FACE_REGIONS } from '../../landmarks/face-regions.ts';
import type { Subgroup } from '../../saliency/subgroups.ts';
import { capitalize, formatCount, formatShare } from '../../summary/format.ts';
import { describeGap } from '../../summary/subgroup-table.ts';
import type { ReportData, ReportRun, RunGroups } from '../report-data.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';
import { shareCells } from './regions-section.ts';

/** Of many groups, such as people, those with the most faces are shown. */
const MOST_GROUPS = 24;

/** Whether the chosen network does as well for every group of faces, a column of the data each. */
export function groupsSection(data: ReportData): Html | null {
  const content = eachRun(
    data,
    (run, index) => {
      if (run.groups.length === 0) return null;
      const suffix = runSuffix(data, run);
      return html`${run.groups.map((column, place) => columnPart(column, `${index + 1}-${place + 1}`, suffix))}
${attentionNote(run)}`;
    },
    html`<p>The chosen network on groups of the validation faces, with 95&nbsp;% intervals. A gap may also come from what else tells the groups apart, such as who took the pictures.</p>`,
  );
  return content && section('groups', 'Does it do as well for everybody?', content);
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
<div class="bar-charts">${barChart({ id: `bars-groups-${id}`, title: `Accuracy by ${shortened(by, 16)}`, bars, most: 1 })}</div>
<div><p>${describeGap(gap)}</p>
${warnings.length > 0 && html`<div class="notes"><ul>${warnings.map((warning) => html`<li>${capitalize(warning)}.</li>`)}</ul></div>`}
${left > 0 && html`<p>${formatCount(left)} smaller groups are not shown; they count in the gap where they have faces enough.</p>`}
${scoresTable(by, shown, suffix)}</div></div>
${column.facesPerClass > 0 && attentionTable(by, shown, suffix)}`;
}

function shownGroups(groups: readonly Subgroup[]): readonly Subgroup[] {
  if (groups.length <= MOST_GROUPS) return groups;
  const largest = new Set(groups.toSorted((a, b) => b.samples - a.samples).slice(0, MOST_GROUPS));
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
    ? html`<p class="source">The groups are too many to tell in seconds what the network uses of each; <code>evopatch evaluate --by COLUMN --attention</code> does.</p>`
    : html`<p class="source">Attention is what hiding a square costs, on at most ${facesPerClass} faces of each of the ${classes.length} classes in each group: enough to see a group that is judged by quite another part, not small differences.</p>`;
}

/** A name that has room in a chart; the table has the whole. */
function shortened(name: string, most: number): string {
  const characters = [...name];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : name;
}
