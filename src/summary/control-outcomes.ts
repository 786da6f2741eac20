import type { ControlMeasurement } from '../run/result.ts';
import { describeVerdict, type Verdict, verdictOf } from './finding.ts';

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

/** The controls of one verdict, as in `more accurate than 2: centre crop; uniform grid`. */
export interface ControlOutcome {
  /** About their number, as in `more accurate than 2`. */
  readonly outcome: string;
  readonly names: string;
}

/** How the evolved patches stand against the controls, each taken by itself; verdicts that no control has are left out. */
export function controlOutcomes({
  controls,
  margin,
}: {
  readonly controls: readonly ControlMeasurement[];
  readonly margin: number | null;
}): ControlOutcome[] {
  return VERDICTS.flatMap((verdict) => {
    const chosen = controls.filter(({ lead }) => verdictOf(lead, margin) === verdict);
    if (chosen.length === 0) return [];
    const names = chosen.map(({ control }) => CONTROL_NAMES[control]).join('; ');
    return [{ outcome: describeVerdict(verdict, `${chosen.length}`, margin), names }];
  });
}
