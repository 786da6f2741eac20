import { join } from 'node:path';
import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import { hashFile } from '../core/hash-file.ts';
import { parse } from '../core/parse.ts';
import type { Dataset } from '../data/dataset.ts';
import { matchClasses } from '../data/match-classes.ts';
import type { Predictor } from '../ensemble/ensemble.ts';
import { readModel } from '../ensemble/ensemble-file.ts';
import { samplesOf } from '../fitness/evaluate.ts';
import { readWeights, writeWeights } from '../fitness/weights-file.ts';
import type { Engine } from '../nn/engine.ts';
import { describeFrame, type Model } from '../nn/model.ts';
import type { Distillation, Teacher } from '../nn/teacher.ts';
import { logitOf } from './network-teacher.ts';

/** A teacher and the distillation from it, as `Teacher` defines it. */
export interface TeacherOptions extends Partial<Distillation> {
  /** The file of a model or of an ensemble. */
  readonly file: string;
}

/** The temperature and mixing of MicroExpNet, without T². */
export const teacherSchema = z.strictObject({
  file: z.string().min(1),
  temperature: z.number().positive().max(1000).default(8),
  mixing: z.number().min(0).max(1).default(0.5),
  squared: z.boolean().default(false),
});

/** Changes with the computation of logits. */
const VERSION = 'evopatch teacher 1';

/**
 * Computes a teacher's logits for all faces of a data set. With a cache folder, it computes them once for the same file, data and
 * numerics of the engine. The teacher sees each face without the student's augmentation.
 *
 * The stored values are ln p: for a network its logits minus a constant of the sample, which the softmax cancels; an ensemble has
 * no other logits. If the teacher knows further classes, only those of the data count: the softmax over them distributes the
 * rest.
 *
 * @throws EvopatchError `INVALID_OPTION`; `INVALID_DATA` if the teacher does not know a class; `INVALID_MODEL` if the file is
 * damaged or made for other frames or another alignment; `FILE_SYSTEM`.
 */
export async function openTeacher(
  options: TeacherOptions,
  dataset: Dataset,
  engine: Engine,
  cacheFolder?: string,
): Promise<Teacher> {
  const { file, ...distillation } = parse(teacherSchema, options, 'INVALID_OPTION');
  const hash = sha256(VERSION, await hashFile(file), dataset.hash, engine.numerics);
  const kept = cacheFolder === undefined ? undefined : join(cacheFolder, 'teachers', `${hash}.safetensors`);
  const found = kept === undefined ? undefined : (await readWeights(kept))?.get('logits');
  const logits = new Float32Array(new SharedArrayBuffer(4 * dataset.count * dataset.classes.length));
  if (found?.length === logits.length) {
    logits.set(found);
  } else {
    const model = await readModel(file, engine);
    logits.set(predictLogits(model, columnsFor(model, dataset, file), dataset));
    if (kept !== undefined) await writeWeights(kept, new Map([['logits', logits]]));
  }
  return { logits, hash, ...distillation };
}

/** Finds the teacher's index of each class of the data, which may be some of its classes. */
function columnsFor({ classes, frame, info }: Model<Predictor>, dataset: Dataset, file: string): number[] {
  const columns = matchClasses(dataset, classes, file);
  const refuse = (problem: string, given: string): never => {
    throw new EvopatchError('INVALID_MODEL', problem, { file, given });
  };
  if (describeFrame(frame) !== describeFrame(dataset.frame)) {
    refuse('the teacher reads other face frames than those of the data', `${frame.size} pixels`);
  }
  const { align = 'similarity' } = info;
  if (align !== dataset.align)
    refuse(`the teacher must know faces aligned by '${dataset.align}'`, `${align}`);
  return columns;
}

function predictLogits(
  { network, classes: { length: known } }: Model<Predictor>,
  columns: readonly number[],
  dataset: Dataset,
): Float32Array {
  const all = Uint32Array.from({ length: dataset.count }, (_, i) => i);
  const probabilities = network.predict(samplesOf(dataset), all);
  const logits = new Float32Array(dataset.count * columns.length);
  for (const index of logits.keys()) {
    const row = Math.floor(index / columns.length);
    logits[index] = logitOf(probabilities[row * known + columns[index % columns.length]]);
  }
  return logits;
}
