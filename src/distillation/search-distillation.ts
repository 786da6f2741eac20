import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { type Dataset, indicesOf } from '../data/dataset.ts';
import { type SplitPair, stratifiedSplit } from '../data/splits.ts';
import { requireDividedFaces } from '../fitness/enough-faces.ts';
import type { TrainingRequest } from '../fitness/evaluation.ts';
import type { Evaluator } from '../fitness/evaluator.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Distillation, Teacher } from '../nn/teacher.ts';
import { limitBatchSize, type TrainingConfig, trainingConfig } from '../nn/training-config.ts';

export interface DistillationSearch {
  /** The student. */
  readonly spec: NetworkSpec;
  readonly dataset: Dataset;
  /** The teacher; its own temperature and mixing are ignored. */
  readonly teacher: Teacher;
  /** Runs the trainings; the caller closes it. */
  readonly evaluator: Evaluator;
  /** @defaultValue 1, 2, 4, 8, 16 */
  readonly temperatures?: readonly number[];
  /** Mixings to try besides 0, the labels alone. @defaultValue 0.3, 0.5, 0.7, 0.9 */
  readonly mixings?: readonly number[];
  /** Trainings of each cell, with different seeds. @defaultValue 1 */
  readonly seeds?: number;
  /** @defaultValue 10 epochs, without shifts; otherwise as in `TrainingConfig` */
  readonly config?: Partial<TrainingConfig>;
  /** @defaultValue 'evopatch' */
  readonly seed?: string;
  readonly signal?: AbortSignal;
  readonly onTrained?: (done: number, total: number) => void;
}

/** The results of a student: means over the seeds, on rows that it was not trained on. */
export interface DistillationCell extends Pick<Distillation, 'temperature' | 'mixing'> {
  readonly accuracy: number;
  /** Mean negative log-likelihood, nats. */
  readonly loss: number;
}

export interface DistillationResult {
  /** The result of training with the labels alone. */
  readonly alone: DistillationCell;
  /** All combinations of temperature and mixing, sorted by accuracy, then by loss. */
  readonly cells: readonly DistillationCell[];
  /** Samples of a training step; fewer than configured if the rows do not fill one. */
  readonly batchSize: number;
  /** Number of rows to train on, and to measure on. */
  readonly training: number;
  readonly measured: number;
}

const list = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(100);
const optionsSchema = z.object({
  temperatures: list(z.number().positive().max(1000)).default([1, 2, 4, 8, 16]),
  mixings: list(z.number().positive().max(1)).default([0.3, 0.5, 0.7, 0.9]),
  seeds: z.int().min(1).max(100).default(1),
  seed: z.string().default('evopatch'),
});

/** Share of the training rows to train students on; the others measure them. */
const SHARE = 0.85;

/**
 * Divides the training rows into those that train students and those that measure them.
 *
 * @throws EvopatchError `INVALID_DATA` for too few rows, as `requireDividedFaces`.
 */
export function divideForDistillation(dataset: Dataset, seed = 'evopatch'): SplitPair {
  const training = indicesOf(dataset, 'train');
  const parts = stratifiedSplit(dataset, training, SHARE, `${seed}/distillation`);
  requireDividedFaces(dataset, training, parts);
  return parts;
}

/**
 * Searches for the temperature and mixing that help a student most; MicroExpNet's paper says that distillation depends on this
 * choice. Trains the student with each combination on one part of the training rows and measures it on the other, so that the
 * validation rows have no part in it. With one seed, differences of less than a percentage point mean little.
 *
 * @throws EvopatchError `INVALID_OPTION`; `INVALID_DATA` as `divideForDistillation`; `EVALUATION_FAILED` if a training fails;
 * `ABORTED`.
 */
export async function searchDistillation(search: DistillationSearch): Promise<DistillationResult> {
  const { spec, dataset, teacher, evaluator, signal, onTrained } = search;
  const { temperatures, mixings, seeds, seed } = parse(optionsSchema, search, 'INVALID_OPTION');
  const rows = divideForDistillation(dataset, seed);
  const given = trainingConfig({ epochs: 10, ...search.config });
  const config = { ...given, batchSize: limitBatchSize(given.batchSize, rows.first.length) };
  const grid = temperatures.flatMap((temperature) => mixings.map((mixing) => ({ temperature, mixing })));
  const tried = [{ temperature: 1, mixing: 0 }, ...grid];
  const requests = tried.flatMap((cell) =>
    Array.from({ length: seeds }, (_, repeat): TrainingRequest => {
      return {
        spec,
        stages: [{ training: rows.first, config }],
        validation: rows.second,
        teacher: cell.mixing === 0 ? undefined : { ...teacher, ...cell },
        seed: `${seed}/${repeat}`,
        keepWeights: false,
      };
    }),
  );
  const sums = tried.map((cell) => ({ ...cell, accuracy: 0, loss: 0 }));
  const found = new Array<{ accuracy: number; loss: number }>(requests.length);
  let done = 0;
  for await (const { index, evaluation } of evaluator.evaluate(requests, { signal })) {
    if (evaluation.status === 'failed') {
      const problem = `the student could not be trained: ${evaluation.message}`;
      throw new EvopatchError('EVALUATION_FAILED', problem, { given: evaluation.reason });
    }
    found[index] = evaluation;
    onTrained?.(++done, requests.length);
  }
  for (const [index, { accuracy, loss }] of found.entries()) {
    const cell = sums[Math.floor(index / seeds)];
    cell.accuracy += accuracy / seeds;
    cell.loss += loss / seeds;
  }
  const [alone, ...cells] = sums;
  cells.sort((a, b) => b.accuracy - a.accuracy || a.loss - b.loss);
  return {
    alone,
    cells,
    batchSize: config.batchSize,
    training: rows.first.length,
    measured: rows.second.length,
  };
}
