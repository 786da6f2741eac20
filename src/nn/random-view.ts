import type { RandomStream } from '../core/random.ts';
import type { View } from './staging.ts';
import type { TrainingConfig } from './training-config.ts';

/** How a sample is seen once in training. */
export function randomView({ flip, shift }: TrainingConfig, random: RandomStream): View {
  return {
    shiftX: shift === 0 ? 0 : random.integer(-shift, shift),
    shiftY: shift === 0 ? 0 : random.integer(-shift, shift),
    flip: flip && random.chance(0.5),
  };
}
