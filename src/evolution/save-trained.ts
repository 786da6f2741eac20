import { EvopatchError } from '../core/errors.ts';
import type { Engine } from '../nn/engine.ts';
import { saveModel } from '../nn/model-file.ts';
import { Network } from '../nn/network.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { Finalist } from '../run/result.ts';
import type { Trained } from './finals.ts';

/**
 * Saves a trained finalist with its genome, the class names and the frame geometry as a model file.
 *
 * @throws EvopatchError `ABORTED` where there is none, `FILE_SYSTEM`.
 */
export async function saveTrained(
  file: string,
  trained: Trained<Finalist> | undefined,
  { dataset, seed }: Pick<EvolveSettings, 'dataset' | 'seed'>,
  engine: Engine,
): Promise<void> {
  const weights = trained?.evaluation.weights;
  if (trained === undefined || weights === undefined) {
    throw new EvopatchError('ABORTED', 'the run ended before a genome was trained in full', { file });
  }
  await saveModel(file, {
    network: new Network(engine, trained.spec, weights),
    classes: dataset.classes,
    frame: dataset.frame,
    genome: trained.measurement.genome,
    info: { numerics: engine.numerics, dataset: dataset.hash, align: dataset.align, seed },
  });
}
