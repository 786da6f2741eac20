import type { RandomStream } from '../core/random.ts';
import type { View } from './staging.ts';
import type { TrainingConfig } from './training-config.ts';

/** How a sample is seen once in training. What is not asked for draws no random numbers. */
export function randomView(config: TrainingConfig, random: RandomStream): View {
  const { flip, shift, rotation = 0, zoom = 0 } = config;
  const within = (limit: number) => (limit === 0 ? 0 : limit * (2 * random.uniform() - 1));
  return {
    shiftX: shift === 0 ? 0 : random.integer(-shift, shift),
    shiftY: shift === 0 ? 0 : random.integer(-shift, shift),
    flip: flip && random.chance(0.5),
    rotation: (within(rotation) * Math.PI) / 180,
    zoom: 1 + within(zoom),
  };
}
