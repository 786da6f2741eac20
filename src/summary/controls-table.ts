import type { ControlMeasurement, EvolutionReport } from '../evolution/result.ts';
import { CONTROL_NAMES, controlOutcomes, SIGNIFICANCE } from './control-outcomes.ts';
import { formatCount, formatMillions, formatPoints, formatProbability, formatShare } from './format.ts';
import { formatTable } from './table.ts';

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
      CONTROL_NAMES[control],
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
  const lines = controlOutcomes(controls).map(
    ({ outcome, count, names }) => `  ${outcome} ${count}: ${names}`,
  );
  return [
    `The evolved patches against ${controls.length} controls, each at p < ${SIGNIFICANCE} by itself:`,
    ...lines,
  ].join('\n');
}
