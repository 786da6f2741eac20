import type { TrainingRequest } from '../fitness/evaluation.ts';
import { parameterCount } from '../network/describe.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { finalTrainingOf } from '../options/budgets.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { RunSplits } from './splits.ts';

/** Builds the full training of a network: the final recipe on all training rows. */
export function finalStages(
  spec: NetworkSpec,
  { final }: Pick<EvolveSettings, 'final'>,
  { training, finalBatch: batchSize }: Pick<RunSplits, 'training' | 'finalBatch'>,
): TrainingRequest['stages'] {
  const { samples: _, ...config } = final;
  return [{ training, config: finalTrainingOf({ ...config, batchSize }, parameterCount(spec)) }];
}
