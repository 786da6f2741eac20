import type { Interval } from '../core/comparison.ts';
import type { ControlMeasurement } from '../run/result.ts';
import { controlName } from './controls.ts';
import { formatPoints } from './format.ts';

/** How far a layout leads a control, in one run or pooled over several. */
export interface Lead extends Pick<ControlMeasurement, 'control' | 'layouts'> {
  readonly lead: {
    readonly estimate: number;
    readonly interval95: Interval;
    /** Of McNemar's exact test; left out where leads are pooled. */
    readonly pValue?: number;
  };
}

/** Whether the places of a layout matter. */
export interface Finding<Control extends Lead = Lead> {
  /** Whether the layout is more accurate than every control at as many pixels. */
  readonly isFinding: boolean;
  /** The strongest of these controls; if the layout does not beat all, the strongest of those that it does not beat. */
  readonly strongest: Control;
  /** Number of these controls. */
  readonly controls: number;
}

/** A lead that is not known where a control has none. */
export type MaybeLead = Pick<Lead, 'control' | 'layouts'> & { readonly lead: Lead['lead'] | null };

const AT_EQUAL_PIXELS = ['random-layout', 'centre-crop', 'uniform-grid', 'hand-placed', 'reduced-face'];

/** Checks whether a control decides: it reads as many pixels as the layout, and the lead over it is known. */
export function isRival<Control extends MaybeLead>(control: Control): control is Control & Lead {
  return AT_EQUAL_PIXELS.includes(control.control) && control.lead !== null;
}

/**
 * Checks whether a lead is beyond chance: its 95 % interval lies above zero, and McNemar's exact test, which can be stricter,
 * gives less than 0.05.
 */
export function isAhead({ interval95, pValue = 0 }: Lead['lead']): boolean {
  return interval95[0] > 0 && pValue < 0.05;
}

/**
 * Judges whether the places of a layout were worth finding: only if it is ahead of every control that reads as many pixels. All
 * of these comparisons have to succeed, so their number needs no correction (the intersection-union test, Berger 1982,
 * "Multiparameter hypothesis testing and acceptance sampling").
 *
 * @returns `undefined` without such a control
 */
export function findingOf<Control extends MaybeLead>(
  controls: readonly Control[],
): Finding<Control & Lead> | undefined {
  const rivals = controls.filter(isRival);
  const unbeaten = rivals.filter(({ lead }) => !isAhead(lead));
  const isFinding = unbeaten.length === 0;
  const [strongest] = (isFinding ? rivals : unbeaten).toSorted((a, b) => a.lead.estimate - b.lead.estimate);
  return strongest && { isFinding, strongest, controls: rivals.length };
}

/** Says whether the places matter. */
export interface FindingText {
  /** In two to five words. */
  readonly verdict: string;
  /** The lead that decided, and how the whole face compares, in sentences that go on from the verdict. */
  readonly reason: string;
}

/** Words the finding and its reason. */
export function findingText(controls: readonly MaybeLead[]): FindingText {
  const { verdict, reason } = placesText(findingOf(controls));
  const whole = controls.find(({ control }) => control === 'whole-face')?.lead;
  if (!whole) return { verdict, reason };
  return { verdict, reason: `${reason} Lead over the whole face at as many parameters: ${leadText(whole)}.` };
}

/** Words the finding as one text. */
export function describeFinding(controls: readonly MaybeLead[]): string {
  const { verdict, reason } = findingText(controls);
  return `${verdict}: ${reason}`;
}

function placesText(finding: Finding | undefined): FindingText {
  if (finding === undefined) {
    return { verdict: 'Not shown to be a finding', reason: 'no control at as many pixels was trained.' };
  }
  const { isFinding, strongest, controls } = finding;
  const { lead } = strongest;
  const name = `the ${controlName(strongest)}`;
  if (isFinding) {
    const rival = controls === 1 ? name : `the strongest of ${controls} controls, ${name},`;
    const reason = `at as many pixels, the patches lead ${rival} by ${leadText(lead)}.`;
    return { verdict: 'The places matter', reason };
  }
  const how =
    lead.interval95[1] < 0 ? 'is more accurate' : lead.estimate > 0 ? 'may be as accurate' : 'is as accurate';
  const reason = `at as many pixels, ${name} ${how}; the lead of the patches is ${leadText(lead)}.`;
  return { verdict: 'Not a finding', reason };
}

/** Formats a lead as `+3.1 points (95 %: +1.9 to +4.3)`. */
function leadText({ estimate, interval95 }: Lead['lead']): string {
  return `${formatPoints(estimate)} points (95 %: ${interval95.map(formatPoints).join(' to ')})`;
}
