import assert from 'node:assert/strict';
import { randomStream } from '../core/random.ts';
import { indicesOf } from '../data/dataset.ts';
import { syntheticFaces } from '../data/synthetic/index.ts';
import { evaluate } from '../fitness/evaluate.ts';
import { parseGenomeBounds } from '../genome/bounds.ts';
import { randomGenome } from '../genome/random.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { openEngine } from '../nn/engine.ts';
import { trainingConfig } from '../nn/training-config.ts';
import type { CustomObjective } from '../search/objective.ts';

const GENOMES = 6;

/**
 * Checks what evopatch relies on in an objective, on six random genomes trained for an epoch on drawn faces: a name, a reference
 * above 0, finite values from 0, the same value when it measures again, and at least one value below the reference.
 *
 * @param dataset the faces to train on, of the kind that the objective reads. @defaultValue drawn faces
 * @throws AssertionError that says what is wrong; whatever else the objective throws.
 */
export async function checkObjective(
  objective: CustomObjective,
  dataset = syntheticFaces({ count: 140 }),
): Promise<void> {
  const { name, reference } = objective;
  assert.match(name, /^[a-z][a-z\d-]*$/i, 'name: give letters, digits and hyphens');
  assert.ok(Number.isFinite(reference) && reference > 0, 'reference: give a finite number above 0');
  const engine = await openEngine();
  const target = { classes: dataset.classes.length, frame: dataset.frame };
  const rows = indicesOf(dataset, 'validation');
  const stages = [
    { training: indicesOf(dataset, 'train'), config: trainingConfig({ epochs: 1, batchSize: 16 }) },
  ];
  const values: number[] = [];
  const bounds = parseGenomeBounds({ ...target, maximumFilters: 8, maximumSide: 16 }); // so that a training takes a moment
  for (let index = 0; index < GENOMES; index++) {
    const genome = randomGenome(bounds, randomStream('check objective', index));
    const spec = toNetworkSpec(genome, target);
    const request = { spec, stages, validation: rows, seed: 'check objective', keepWeights: false };
    const evaluation = evaluate(engine, dataset, request);
    assert.ok(evaluation.status === 'ok', 'the faces must be fit for a training');
    const value = objective.measure({ genome, evaluation, rows });
    assert.ok(Number.isFinite(value) && value >= 0, `measure: give a finite number from 0, not ${value}`);
    assert.equal(
      objective.measure({ genome, evaluation, rows }),
      value,
      'measure: give the same value again',
    );
    values.push(value);
  }
  const best = Math.min(...values);
  assert.ok(best < reference, `reference: no genome is better than ${reference}; the best has ${best}`);
}
