import { randomStream } from '../core/random.ts';
import type { Parameter } from './parameters.ts';
import type { Weights } from './session.ts';

/**
 * First weights of a network: uniform in ±√(6 / inputs) (He et al. 2015, section 2.2, as a uniform distribution),
 * zeros for biases, ones for the scales and variances of normalisation. Each array has a random stream of its own.
 */
export function initialWeights(parameters: readonly Parameter[], seed: string): Weights {
  return new Map(
    parameters.map((parameter) => {
      const values = new Float32Array(parameter.shape.reduce((a, b) => a * b, 1));
      if (parameter.role === 'gamma' || parameter.role === 'variance') values.fill(1);
      if (parameter.role === 'weights') {
        const random = randomStream(seed, 'weights', parameter.layer);
        const limit = Math.sqrt(6 / parameter.fanIn);
        for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * limit;
      }
      return [parameter.name, values];
    }),
  );
}
