/**
 * What a student learns from beside the labels (Hinton, Vinyals & Dean 2015; in the form of Cugu, Sener & Akbas 2019,
 * MicroExpNet): with logits z of the student, v of the teacher, and the label y, the loss of a sample is
 *
 * (1 − λ) · CE(softmax(z), y) + λ · CE(softmax(z / T), softmax(v / T)), where CE(p, target) = −Σ target · ln p.
 */
export interface Teacher {
  /** v, [sample][class] over all samples; a constant added to all classes of a sample changes nothing. */
  readonly logits: Float32Array;
  /** Names the logits: equal for equal ones. */
  readonly hash: string;
  /** T, above 0. */
  readonly temperature: number;
  /** λ, 0–1. */
  readonly mixing: number;
  /**
   * Whether the second term is multiplied by T², so that its gradient stays as large as that of the first (Hinton et al.,
   * section 2). MicroExpNet does without.
   */
  readonly squared: boolean;
}

/** How a teacher is listened to, without the teacher. */
export type Distillation = Pick<Teacher, 'temperature' | 'mixing' | 'squared'>;

/** A teacher without its logits, which its hash names. */
export function identityOf({ logits: _, ...identity }: Teacher): Omit<Teacher, 'logits'> {
  return identity;
}

/** How the two terms of the loss weigh. */
export function termWeights({ temperature, mixing, squared }: Distillation): { hard: number; soft: number } {
  return { hard: 1 - mixing, soft: mixing * (squared ? temperature * temperature : 1) };
}
