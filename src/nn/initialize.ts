import { randomStream } from '../core/random.ts';
import type { Parameter } from './parameters.ts';
import type { Weights } from './session.ts';
import type { TrainingConfig } from './training-config.ts';

/**
 * Draws the first weights of a network: uniform in ±√(6 / inputs) (He et al. 2015, section 2.2, as a uniform
 * distribution), zeros for biases, ones for the scales and variances of normalisation. Each array has its own random stream.
 *
 * @param initialization 'glorot': uniform in ±√(6 / (inputs + outputs)) (Glorot & Bengio 2010, equation 16; 'Xavier')
 */
export function initialWeights(
  parameters: readonly Parameter[],
  seed: string,
  initialization?: TrainingConfig['initialization'],
): Weights {
  return new Map(
    parameters.map((parameter) => {
      const values = new Float32Array(parameter.shape.reduce((a, b) => a * b, 1));
      if (parameter.role === 'gamma' || parameter.role === 'variance') values.fill(1);
      if (parameter.role === 'weights') {
        const random = randomStream(seed, 'weights', parameter.layer);
        const outputs = initialization === 'glorot' ? countOutputs(parameter) : 0;
        const limit = Math.sqrt(6 / (parameter.fanIn + outputs));
        for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * limit;
      }
      return [parameter.name, values];
    }),
  );
}

/** Counts the outputs that one input of a layer contributes to: units, or filters times the positions of the kernel. */
function countOutputs({ shape, fanIn }: Parameter): number {
  const [first, second, ...kernel] = shape;
  if (kernel.length === 0) return second;
  return shape.length === 3 ? fanIn : first * kernel.reduce((a, b) => a * b, 1);
}
