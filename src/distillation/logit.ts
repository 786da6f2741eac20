import { log } from '../core/portable-math.ts';

/** The least probability that counts, so that logits stay finite. */
const LEAST = 1e-30;

/** ln p: a logit, less a constant of the sample, which no softmax notices. */
export function logitOf(probability: number): number {
  return log(Math.max(probability, LEAST));
}
