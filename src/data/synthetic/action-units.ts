import type { RandomStream } from '../../core/random.ts';

/**
 * Facial action units and the expressions they make up.
 *
 * Ekman, Friesen: Facial Action Coding System, 1978; the prototypes of the six basic emotions follow EMFACS (Friesen,
 * Ekman 1983) as tabled in Ekman, Friesen, Hager: FACS Investigator's Guide, 2002, chapter 12.
 */

/** The class names of FER2013 in its order. */
export const EXPRESSIONS = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'] as const;
export type Expression = (typeof EXPRESSIONS)[number];

/** The modelled action units; each key is the number in FACS. */
export const ACTION_UNITS = {
  AU1: 'inner brow raiser',
  AU2: 'outer brow raiser',
  AU4: 'brow lowerer',
  AU5: 'upper lid raiser',
  AU6: 'cheek raiser',
  AU7: 'lid tightener',
  AU9: 'nose wrinkler',
  AU10: 'upper lip raiser',
  AU12: 'lip corner puller',
  AU15: 'lip corner depressor',
  AU16: 'lower lip depressor',
  AU17: 'chin raiser',
  AU20: 'lip stretcher',
  AU23: 'lip tightener',
  AU25: 'lips part',
  AU26: 'jaw drop',
} as const;
export type ActionUnit = keyof typeof ACTION_UNITS;

/** The strength of each unit: 0 (or absent) at rest, 1 at its maximum. */
export type Activation = Readonly<Partial<Record<ActionUnit, number>>>;

/** The units of each expression, with the share of faces that show them. */
export const PROTOTYPES: Readonly<Record<Expression, Activation>> = {
  angry: { AU4: 0.97, AU5: 0.7, AU7: 0.9, AU23: 0.9, AU17: 0.3 },
  disgust: { AU9: 0.97, AU10: 0.6, AU15: 0.8, AU16: 0.8, AU4: 0.3, AU25: 0.4 },
  fear: { AU1: 0.97, AU2: 0.8, AU4: 0.9, AU5: 0.9, AU20: 0.95, AU25: 0.75, AU26: 0.25 },
  happy: { AU6: 0.9, AU12: 0.98, AU25: 0.65 },
  sad: { AU1: 0.96, AU4: 0.8, AU15: 0.93, AU17: 0.4 },
  surprise: { AU1: 0.95, AU2: 0.97, AU5: 0.85, AU25: 0.8, AU26: 0.93 },
  neutral: {},
};

const UNITS = Object.keys(ACTION_UNITS) as ActionUnit[];

/**
 * Draws the activation of one face: the units of its expression with random strengths, some of them missing, and traces of
 * unrelated units, as speech or habit adds them.
 */
export function drawActivation(expression: Expression, random: RandomStream): Activation {
  const activation: Partial<Record<ActionUnit, number>> = {};
  const strength = 0.55 + 0.45 * random.uniform();
  for (const unit of UNITS) {
    if (random.chance(PROTOTYPES[expression][unit] ?? 0)) {
      activation[unit] = strength * (0.6 + 0.4 * random.uniform());
    }
  }
  for (let strays = random.integer(0, 2); strays > 0; strays--) {
    const unit = random.pick(UNITS);
    activation[unit] = Math.max(activation[unit] ?? 0, 0.35 * random.uniform());
  }
  return activation;
}
