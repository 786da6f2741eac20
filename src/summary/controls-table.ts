import type { EvolutionReport } from '../run/result.ts';
import { CONTROL_NAMES, controlOutcomes } from './control-outcomes.ts';
import { formatCount, formatMillions, formatPoints, formatProbability, formatShare } from './format.ts';
import { formatTable } from './table.ts';

/** The further controls with the lead of the evolved patches over each, and the verdicts; nothing where there are none. */
export function formatControls(report: Pick<EvolutionReport, 'controls' | 'margin'>): string | undefined {
  const { controls } = report;
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

function describeOutcomes(report: Pick<EvolutionReport, 'controls' | 'margin'>): string {
  return [
    `The evolved patches against ${report.controls.length} controls, by the 95 % interval of each lead:`,
    ...controlOutcomes(report).map(({ outcome, names }) => `  ${outcome}: ${names}`),
  ].join('\n');
}
