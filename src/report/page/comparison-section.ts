import { barChart } from '../../charts/bar-chart.ts';
import type { Interval } from '../../core/comparison.ts';
import { type Html, html } from '../../core/html.ts';
import { capitalize, formatCount, formatMillions, formatShare, NETWORK_NAMES } from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { coverage } from '../verdict.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';

interface Compared {
  readonly label: string;
  readonly main: boolean;
  readonly accuracy: number;
  readonly interval: Interval;
  readonly parameters: number;
  readonly macs: number;
  readonly pixels: number;
}

/** Compares the baseline, the evolved network and the whole face at as many parameters. */
export function comparisonSection(data: ReportData): Html | null {
  const content = eachRun(data, (run, index) => {
    const networks = comparedNetworks(run);
    if (networks.length === 0) return null;
    return html`<div class="bar-charts">${charts(run, networks, index)}</div>
<details><summary>Figures with intervals</summary>
${comparisonTable(run, networks, runSuffix(data, run))}
</details>
${run.best?.difference && html`<p>${differenceSentence(run)}</p>`}`;
  });
  return content && section('comparison', 'Baseline and evolved network', content);
}

function comparedNetworks({ baseline, best, controls }: ReportRun): Compared[] {
  const wholeFace = controls.find(({ control }) => control === 'whole-face') ?? null;
  const measured = [
    { label: NETWORK_NAMES.baseline, main: false, of: baseline },
    { label: NETWORK_NAMES.evolved, main: true, of: best },
    { label: NETWORK_NAMES.control, main: false, of: wholeFace },
  ];
  return measured.flatMap(({ label, main, of }) => {
    if (of === null || of.validationAccuracy === null || of.interval95 === null) return [];
    const { validationAccuracy: accuracy, interval95: interval } = of;
    const { parameters, macs, coveredPixels: pixels } = of;
    return [{ label: capitalize(label), main, accuracy, interval, parameters, macs, pixels }];
  });
}

function charts(run: ReportRun, networks: readonly Compared[], index: number): Html[] {
  const chart = (
    name: string,
    title: string,
    pick: (network: Compared) => { value: number; text: string; interval?: Interval },
    maximum?: number,
  ) => {
    const bars = networks.map((network) => ({ label: network.label, main: network.main, ...pick(network) }));
    return barChart({ id: `bars-${name}-${index + 1}`, title, bars, maximum });
  };
  return [
    chart(
      'accuracy',
      'Accuracy, with its 95 % interval',
      ({ accuracy, interval }) => ({ value: accuracy, text: formatShare(accuracy), interval }),
      1,
    ),
    chart('parameters', 'Parameters', ({ parameters }) => ({
      value: parameters,
      text: formatCount(parameters),
    })),
    chart('macs', 'Multiply-accumulates per face', ({ macs }) => ({
      value: macs,
      text: formatMillions(macs),
    })),
    chart(
      'pixels',
      "Share of the face's pixels",
      ({ pixels }) => ({ value: coverage(run, pixels), text: formatShare(coverage(run, pixels)) }),
      1,
    ),
  ];
}

function comparisonTable(run: ReportRun, networks: readonly Compared[], suffix: string): Html {
  const { validation } = run.dataset;
  const rows = validation === null ? 'the validation rows' : `${formatCount(validation)} validation faces`;
  return table(
    `Networks trained in full, measured on ${rows}${suffix}`,
    [
      { title: 'network', align: 'left' },
      { title: 'accuracy' },
      { title: '95 % interval' },
      { title: 'parameters' },
      { title: 'MACs' },
      { title: 'pixels' },
    ],
    networks.map(({ label, accuracy, interval, parameters, macs, pixels }) => [
      label,
      formatShare(accuracy),
      `${(100 * interval[0]).toFixed(1)}–${(100 * interval[1]).toFixed(1)}`,
      formatCount(parameters),
      formatMillions(macs),
      formatCount(pixels),
    ]),
  );
}

function differenceSentence({ best, dataset, settings }: ReportRun): string {
  if (best?.difference == null) return '';
  const { gained, lost } = best.difference;
  const copies = dataset.copies ?? 0;
  const pictures =
    copies > 0
      ? ` ${formatCount(copies)} training rows that repeat a validation or test picture were left out.`
      : '';
  return (
    `Of these faces, the evolved network alone gets ${formatCount(gained)} right, and the baseline alone ` +
    `${formatCount(lost)}. The winner among the finalists was chosen on these faces too: expect slightly lower accuracy ` +
    `on new ones.${pictures}${teacherSentence(settings.options)}`
  );
}

function teacherSentence({ teacher, distill }: Readonly<Record<string, unknown>>): string {
  if (teacher === undefined && distill === false) return '';
  const who = teacher === undefined ? 'the baseline' : 'a teacher';
  return ` All were trained with one recipe; all except the baseline also learned from the outputs of ${who} (distillation).`;
}
