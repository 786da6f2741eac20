import { EYES_AND_MOUTH } from '../../src/bench/untrained-model.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { indicesOf } from '../../src/data/dataset.ts';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { samplesOf } from '../../src/fitness/evaluate.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import type { Engine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';

/** A genome that trains quickly. */
export const SMALL = canonicalGenome({
  ...EYES_AND_MOUTH,
  network: { ...EYES_AND_MOUTH.network, filters: [4, 4], head: 'flatten', denseUnits: 8, dropout: 0 },
});

export function someFaces(count = 210): Promise<Dataset> {
  return Promise.resolve(syntheticFaces({ count, seed: 'ensemble' }));
}

/** Trains a model briefly, a different one for each seed. */
export function trainedModel(engine: Engine, dataset: Dataset, seed: string, epochs = 3): Model {
  const { classes, frame, align, hash } = dataset;
  const spec = toNetworkSpec(SMALL, { classes: classes.length, frame });
  const training = indicesOf(dataset, 'train');
  const config = trainingConfig({ epochs, batchSize: 16 });
  const { network } = trainNetwork(engine, spec, samplesOf(dataset), { training, config, seed });
  return { network, classes, frame, genome: SMALL, info: { align, dataset: hash, seed } };
}
