import { intervalChart } from '../../charts/interval-chart.ts';
import { type Html, html } from '../../core/html.ts';
import { controlName, leadTexts } from '../../summary/controls.ts';
import { isRival } from '../../summary/finding.ts';
import { capitalize, formatCount, formatMillions, formatPoints, formatShare } from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { patchPicture } from './face-map.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';

/** Compares the chosen genome with the controls. */
export function controlsSection(data: ReportData): Html | null {
  const content = eachRun(data, (run, index) => {
    if (run.controls.length === 0) return null;
    return html`${leadChart(run, index)}
${layoutPictures(run, index, runSuffix(data, run))}
<details><summary>Figures of the controls</summary>
${controlsTable(run, runSuffix(data, run))}
</details>`;
  });
  return (
    content &&
    section(
      'controls',
      'Do the places matter?',
      html`<p>The controls were trained by the recipe of the patches, and none has more parameters. Those in colour read as many pixels: if
the interval of one of them reaches zero, the layout is not a finding.</p>
${content}`,
    )
  );
}

function leadChart({ controls }: ReportRun, index: number): Html {
  const rows = controls.flatMap((control) => {
    const { lead } = control;
    if (lead === null) return [];
    return [
      {
        label: capitalize(controlName(control)),
        value: 100 * lead.estimate,
        interval: [100 * lead.interval95[0], 100 * lead.interval95[1]] as const,
        text: formatPoints(lead.estimate),
        main: isRival(control),
      },
    ];
  });
  const title = 'Lead of the patches with its 95 % interval, points of accuracy';
  return intervalChart({ id: `leads-${index + 1}`, title, rows });
}

/** Shows where the chosen genome and the controls look. */
function layoutPictures(run: ReportRun, index: number, suffix: string): Html {
  const layouts = [
    ...(run.best === null ? [] : [{ name: 'evolved patches', patches: run.best.genome.patches }]),
    ...run.controls.flatMap((control) => {
      const { patches } = control;
      return patches === undefined ? [] : [{ name: controlName(control), patches }];
    }),
  ];
  return html`<div class="class-maps">${layouts.map(({ name, patches }, number) => {
    const id = `layout-${index + 1}-${number}`;
    return html`<figure>${patchPicture(run, index, patches, id, `What the ${name} reads${suffix}`)}
<figcaption>${capitalize(name)}</figcaption></figure>`;
  })}</div>`;
}

function controlsTable({ controls }: ReportRun, suffix: string): Html {
  return table(
    `Controls, measured on the validation faces${suffix}`,
    [
      { title: 'control', align: 'left' },
      { title: 'accuracy' },
      { title: 'lead of the patches, points' },
      { title: '95 % interval' },
      { title: 'McNemar' },
      { title: 'parameters' },
      { title: 'MACs' },
      { title: 'pixels' },
    ],
    controls.map((control) => [
      capitalize(controlName(control)),
      formatShare(control.validationAccuracy),
      ...leadTexts(control),
      formatCount(control.parameters),
      formatMillions(control.macs),
      formatCount(control.coveredPixels),
    ]),
  );
}
