import type { ControlMeasurement, EvolutionReport } from '../run/result.ts';
import { formatCount, formatMillions, formatPoints, formatProbability, formatShare } from './format.ts';
import { formatTable } from './table.ts';

const NAMES: Readonly<Record<ControlMeasurement['control'], string>> = {
  'random-layout': 'best random layout',
  'centre-crop': 'centre crop',
  'uniform-grid': 'uniform grid',
  'hand-placed': 'hand-placed layout',
  'reduced-face': 'reduced whole face',
  'whole-face': 'whole face',
  'random-search': 'random search, same cost',
  'whole-face-macs': 'whole face, same MACs',
  'most-pixels': 'random layout with most pixels',
};

/** Names a control, as in `best of 212 random layouts`. */
export function controlName({ control, layouts }: Pick<ControlMeasurement, 'control' | 'layouts'>): string {
  return layouts === undefined ? NAMES[control] : `best of ${formatCount(layouts)} random layouts`;
}

/** Formats the lead over a control with its 95 % interval and its probability by McNemar's test; dashes without a lead. */
export function leadTexts({ lead }: Pick<ControlMeasurement, 'lead'>): [string, string, string] {
  if (lead === null) return ['–', '–', '–'];
  const { estimate, interval95, pValue } = lead;
  return [formatPoints(estimate), interval95.map(formatPoints).join(' to '), formatProbability(pValue)];
}

/** Formats the controls with the lead of the evolved patches over each; `undefined` without controls. */
export function formatControls({ controls }: Pick<EvolutionReport, 'controls'>): string | undefined {
  if (controls.length === 0) return undefined;
  return formatTable(
    [
      { title: 'control', align: 'left' },
      { title: 'parameters' },
      { title: 'MACs' },
      { title: 'pixels' },
      { title: 'accuracy' },
      { title: 'lead of the patches' },
      { title: '95 %' },
      { title: 'McNemar' },
    ],
    controls.map((control) => [
      controlName(control),
      formatCount(control.parameters),
      formatMillions(control.macs),
      formatCount(control.coveredPixels),
      formatShare(control.validationAccuracy),
      ...leadTexts(control),
    ]),
  );
}
