import type { ControlMeasurement, EvolutionReport } from '../run/result.ts';
import { describeVerdict, type Verdict, verdictOf } from './finding.ts';
import { formatCount, formatMillions, formatPoints, formatProbability, formatShare } from './format.ts';
import { formatTable } from './table.ts';

export const CONTROL_NAMES: Readonly<Record<ControlMeasurement['control'], string>> = {
  'random-search': 'random search, same cost',
  'centre-crop': 'centre crop',
  'uniform-grid': 'uniform grid',
  'hand-placed': 'eyes, brows, mouth by hand',
  'whole-face-macs': 'whole face, same MACs',
  'most-pixels': 'random layout with most pixels',
};

const VERDICTS: readonly Verdict[] = [
  'more accurate',
  'equivalent',
  'not worse',
  'undecided',
  'less accurate',
];

/** The controls with one verdict, as in `more accurate than 2: centre crop; uniform grid`. */
export interface ControlOutcome {
  /** The verdict and their number, as in `more accurate than 2`. */
  readonly outcome: string;
  readonly names: string;
}

/** Groups the controls by the verdict on the lead of the evolved patches over each. */
export function controlOutcomes({
  furtherControls,
  margin,
}: {
  readonly furtherControls: readonly ControlMeasurement[];
  readonly margin: number | null;
}): ControlOutcome[] {
  return VERDICTS.flatMap((verdict) => {
    const group = furtherControls.filter(({ lead }) => verdictOf(lead, margin) === verdict);
    if (group.length === 0) return [];
    const names = group.map(({ control }) => CONTROL_NAMES[control]).join('; ');
    return [{ outcome: describeVerdict(verdict, `${group.length}`, margin), names }];
  });
}

/** Formats the controls with the lead of the evolved patches over each, and the verdicts; `undefined` without controls. */
export function formatControls(
  report: Pick<EvolutionReport, 'furtherControls' | 'margin'>,
): string | undefined {
  const { furtherControls: controls } = report;
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
      CONTROL_NAMES[control],
      formatCount(parameters),
      formatMillions(macs),
      formatCount(coveredPixels),
      formatShare(validationAccuracy),
      `${formatPoints(lead.estimate)} (${lead.interval95.map(formatPoints).join(' to ')})`,
      formatProbability(lead.pValue),
    ]),
  );
  return `${table}\n\n${describeOutcomes(report)}`;
}

function describeOutcomes(report: Pick<EvolutionReport, 'furtherControls' | 'margin'>): string {
  return [
    `The evolved patches against ${report.furtherControls.length} controls, by the 95 % interval of each lead:`,
    ...controlOutcomes(report).map(({ outcome, names }) => `  ${outcome}: ${names}`),
  ].join('\n');
}
