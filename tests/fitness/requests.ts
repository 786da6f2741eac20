import { indicesOf } from '../../src/data/dataset.ts';
import type { Evaluation, TrainingRequest } from '../../src/fitness/evaluation.ts';
import type { Evaluator } from '../../src/fitness/evaluator.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { tinyFaces } from './tiny-faces.ts';

export const dataset = tinyFaces({ train: 64, validation: 32 });

const genome = (width: number): Genome => ({
  patches: [{ dx: 0, dy: -8, width, height: 8, mirrored: false, scale: 1 }],
  network: {
    filters: [4, 4],
    branches: 'separate',
    convolutions: 1,
    convolution: 'full',
    kernel: 3,
    head: 'flatten',
    denseUnits: 8,
    dropout: 0,
    pooling: 'max',
  },
});

/** Makes a request that trains in a moment; seeds and widths make different ones. */
export function request(seed: string, width = 8): TrainingRequest {
  return {
    spec: toNetworkSpec(genome(width), { classes: dataset.classes.length, frame: dataset.frame }),
    stages: [
      {
        training: indicesOf(dataset, 'train'),
        config: trainingConfig({ epochs: 2, batchSize: 16, flip: false }),
      },
    ],
    validation: indicesOf(dataset, 'validation'),
    seed,
    keepWeights: false,
  };
}

/** Makes a request that is refused: its only layer reads a layer that does not exist. */
export function faultyRequest(): TrainingRequest {
  const relu = { kind: 'relu', name: 'lonely', input: 'nothing' } as const;
  return { ...request('faulty'), spec: { name: 'faulty', frameSize: 64, classes: 3, layers: [relu] } };
}

/** Collects the evaluations in the order of their requests. */
export async function evaluateAll(
  evaluator: Evaluator,
  requests: readonly TrainingRequest[],
  signal?: AbortSignal,
): Promise<Evaluation[]> {
  const evaluations: Evaluation[] = [];
  for await (const { index, evaluation } of evaluator.evaluate(requests, { signal })) {
    evaluations[index] = evaluation;
  }
  return evaluations;
}
