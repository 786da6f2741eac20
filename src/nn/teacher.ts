/**
 * A teacher, from which a student learns besides the labels (Hinton, Vinyals & Dean 2015; in the form of Cugu, Sener &
 * Akbas 2019, MicroExpNet): with logits z of the student, v of the teacher, and the label y, the loss of a sample is
 *
 * (1 − λ) · CE(softmax(z), y) + λ · CE(softmax(z / T), softmax(v / T)), where CE(p, target) = −Σ target · ln p.
 */
export interface Teacher {
  /** v, [sample][class] over all samples; a constant added to all classes of a sample changes nothing. */
  readonly logits: Float32Array;
  /** Identifies the logits: equal logits have equal hashes. */
  readonly hash: string;
  /** T, above 0. */
  readonly temperature: number;
  /** λ, 0–1. */
  readonly mixing: number;
  /**
   * Whether the second term is multiplied by T², so that its gradient stays as large as that of the first (Hinton et al.,
   * section 2). MicroExpNet does not multiply.
   */
  readonly squared: boolean;
}

/** The settings of the loss, without the teacher's logits. */
export type Distillation = Pick<Teacher, 'temperature' | 'mixing' | 'squared'>;

/** Drops a teacher's logits, which its hash identifies. */
export function identityOf({ logits: _, ...identity }: Teacher): Omit<Teacher, 'logits'> {
  return identity;
}

/** Computes the weights of the two terms of the loss. */
export function termWeights({ temperature, mixing, squared }: Distillation): { hard: number; soft: number } {
  return { hard: 1 - mixing, soft: mixing * (squared ? temperature * temperature : 1) };
}
