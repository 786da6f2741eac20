import type { Interval } from '../core/comparison.ts';
import type { ControlMeasurement } from '../run/result.ts';
import { controlName } from './controls.ts';
import { formatPoints } from './format.ts';

/** How far a layout leads a control, in one run or pooled over several. */
export interface Lead extends Pick<ControlMeasurement, 'control' | 'layouts'> {
  readonly lead: { readonly estimate: number; readonly interval95: Interval };
}

/** Whether the places of a layout matter. */
export interface Finding<Control extends Lead = Lead> {
  /** Whether the layout is more accurate than every control at as many pixels. */
  readonly isFinding: boolean;
  /** The strongest of these controls. If there is one that the layout does not beat, it is such a one. */
  readonly strongest: Control;
  /** Number of these controls. */
  readonly controls: number;
}

type MaybeLead = Pick<Lead, 'control' | 'layouts'> & { readonly lead: Lead['lead'] | null };

const AT_EQUAL_PIXELS = ['random-layout', 'centre-crop', 'uniform-grid', 'hand-placed', 'reduced-face'];

/**
 * Judges whether the places of a layout were worth finding: only if the 95 % interval of its lead lies above zero for every
 * control that reads as many pixels. All of these comparisons have to succeed, so their number needs no correction (the
 * intersection-union test, Berger 1982, "Multiparameter hypothesis testing and acceptance sampling").
 *
 * @returns `undefined` without such a control
 */
export function findingOf<Control extends MaybeLead>(
  controls: readonly Control[],
): Finding<Control & Lead> | undefined {
  const rivals = controls.filter((one): one is Control & Lead => {
    return AT_EQUAL_PIXELS.includes(one.control) && one.lead !== null;
  });
  const unbeaten = rivals.filter(({ lead }) => lead.interval95[0] <= 0);
  const isFinding = unbeaten.length === 0;
  const [strongest] = (isFinding ? rivals : unbeaten).toSorted((a, b) => a.lead.estimate - b.lead.estimate);
  return strongest && { isFinding, strongest, controls: rivals.length };
}

/** States in a sentence whether the places matter, and in another one how the whole face compares. */
export function describeFinding(controls: readonly MaybeLead[]): string {
  const whole = controls.find(({ control }) => control === 'whole-face')?.lead;
  return [
    describePlaces(findingOf(controls)),
    ...(whole ? [`Lead over the whole face at as many parameters: ${leadText(whole)}.`] : []),
  ].join(' ');
}

function describePlaces(finding: Finding | undefined): string {
  if (finding === undefined) return 'Not shown to be a finding: no control at as many pixels was trained.';
  const { isFinding, strongest, controls } = finding;
  const { lead } = strongest;
  const name = `the ${controlName(strongest)}`;
  if (isFinding) {
    const best = controls === 1 ? name : `the best of ${controls} controls, ${name},`;
    return `The places matter: at as many pixels, the patches lead ${best} by ${leadText(lead)}.`;
  }
  const verdict =
    lead.interval95[1] < 0 ? 'is more accurate' : lead.estimate > 0 ? 'may be as accurate' : 'is as accurate';
  return `Not a finding: at as many pixels, ${name} ${verdict}; the lead of the patches is ${leadText(lead)}.`;
}

/** Formats a lead as `+3.1 points (95 %: +1.9 to +4.3)`. */
function leadText({ estimate, interval95 }: Lead['lead']): string {
  return `${formatPoints(estimate)} points (95 %: ${interval95.map(formatPoints).join(' to ')})`;
}
