import type { ControlMeasurement } from '../evolution/result.ts';

export const CONTROL_NAMES: Readonly<Record<ControlMeasurement['control'], string>> = {
  'random-search': 'random search, same cost',
  'centre-crop': 'centre crop',
  'uniform-grid': 'uniform grid',
  'hand-placed': 'eyes, brows, mouth by hand',
  'whole-face-macs': 'whole face, same MACs',
  'most-pixels': 'random layout with most pixels',
};

/** A difference that chance brings about more rarely than this counts as one. */
export const SIGNIFICANCE = 0.05;

/** Some controls, as in `more accurate than 2: centre crop; uniform grid`. */
export interface ControlOutcome {
  readonly outcome: 'more accurate than' | 'less accurate than' | 'too close to tell from';
  readonly count: number;
  readonly names: string;
}

/** How the evolved patches stand against the controls, each taken by itself; outcomes that no control has are left out. */
export function controlOutcomes(controls: readonly ControlMeasurement[]): ControlOutcome[] {
  const clear = controls.filter(({ lead }) => lead.pValue < SIGNIFICANCE);
  const outcomes = [
    ['more accurate than', clear.filter(({ lead }) => lead.estimate > 0)],
    ['less accurate than', clear.filter(({ lead }) => lead.estimate < 0)],
    ['too close to tell from', controls.filter(({ lead }) => lead.pValue >= SIGNIFICANCE)],
  ] as const;
  return outcomes
    .filter(([, chosen]) => chosen.length > 0)
    .map(([outcome, chosen]) => ({
      outcome,
      count: chosen.length,
      names: chosen.map(({ control }) => CONTROL_NAMES[control]).join('; '),
    }));
}
