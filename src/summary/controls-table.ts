import type { ControlMeasurement, EvolutionReport } from '../evolution/result.ts';
import { formatCount, formatMillions, formatPoints, formatProbability, formatShare } from './format.ts';
import { formatTable } from './table.ts';

const NAMES: Readonly<Record<ControlMeasurement['control'], string>> = {
  'random-search': 'random search, same cost',
  'centre-crop': 'centre crop',
  'uniform-grid': 'uniform grid',
  'hand-placed': 'eyes, brows, mouth by hand',
  'whole-face-macs': 'whole face, same MACs',
  'most-pixels': 'most pixels of random ones',
};

/** A difference that chance brings about more rarely than this counts as one. */
const SIGNIFICANCE = 0.05;

/** The further controls with the lead of the evolved patches over each, and who won; nothing where there are none. */
export function formatControls({ controls }: Pick<EvolutionReport, 'controls'>): string | undefined {
  if (controls.length === 0) return undefined;
  const table = formatTable(
    [
      { title: 'control', align: 'left' },
      { title: 'parameters' },
      { title: 'MACs' },
      { title: 'pixels' },
      { title: 'accuracy' },
      { title: 'lead of the evolved (95 %)' },
      { title: 'McNemar' },
    ],
    controls.map(({ control, parameters, macs, coveredPixels, validationAccuracy, lead }) => [
      NAMES[control],
      formatCount(parameters),
      formatMillions(macs),
      formatCount(coveredPixels),
      formatShare(validationAccuracy),
      `${formatPoints(lead.estimate)} (${lead.interval95.map(formatPoints).join(' to ')})`,
      formatProbability(lead.pValue),
    ]),
  );
  return `${table}\n\n${verdictOf(controls)}`;
}

function verdictOf(controls: readonly ControlMeasurement[]): string {
  const clear = controls.filter(({ lead }) => lead.pValue < SIGNIFICANCE);
  const list = (chosen: readonly ControlMeasurement[]) =>
    chosen.map(({ control }) => NAMES[control]).join('; ');
  const outcomes = [
    ['more accurate than', clear.filter(({ lead }) => lead.estimate > 0)],
    ['less accurate than', clear.filter(({ lead }) => lead.estimate < 0)],
    ['too close to tell from', controls.filter(({ lead }) => lead.pValue >= SIGNIFICANCE)],
  ] as const;
  const told = outcomes.filter(([, chosen]) => chosen.length > 0);
  const lines = told.map(([outcome, chosen]) => `  ${outcome} ${chosen.length}: ${list(chosen)}`);
  return [
    `The evolved patches against ${controls.length} controls, each at p < ${SIGNIFICANCE} by itself:`,
    ...lines,
  ].join('\n');
}
