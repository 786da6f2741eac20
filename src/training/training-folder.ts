import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { sha256 } from '../core/hash.ts';
import { makeFolder } from '../core/make-folder.ts';
import { isMissing, readWholeFile } from '../core/open-file.ts';
import { parse } from '../core/parse.ts';
import { RunLock } from '../core/run-lock.ts';
import { parseStrictJson } from '../core/strict-json.ts';
import { isTemporaryName, sweepInside } from '../core/temporary-file.ts';
import type { Engine } from '../nn/engine.ts';
import type { Model } from '../nn/model.ts';
import { readSingleModel, saveModel } from '../nn/model-file.ts';
import { readMetadata } from '../nn/model-metadata.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../nn/safetensors.ts';
import type { Weights } from '../nn/session.ts';
import type { EpochRecord, TrainingProgress } from '../nn/training.ts';

export const MODEL = 'model.safetensors';
const CHECKPOINT = 'checkpoint.safetensors';
const LOCK = 'lock';
const FORMAT = 'evopatch training';
const VERSION = '1';

/** An epoch with the scores on the validation rows after it. */
export interface TrainingEpoch extends EpochRecord {
  readonly validationLoss: number;
  /** Share of right answers. */
  readonly validationAccuracy: number;
}

/** Finds the epoch of the highest validation accuracy; ties go to the lowest loss, then to the first epoch. */
export function bestEpoch(epochs: readonly TrainingEpoch[]): TrainingEpoch {
  const better = (a: TrainingEpoch, b: TrainingEpoch) =>
    a.validationAccuracy - b.validationAccuracy || b.validationLoss - a.validationLoss;
  return epochs.reduce((best, epoch) => (better(epoch, best) > 0 ? epoch : best));
}

/** The state of a training between two epochs. */
export interface TrainingCheckpoint {
  readonly epochs: readonly TrainingEpoch[];
  readonly progress: TrainingProgress;
}

/** The files that a training writes into its folder; `teachers` holds the answers of its teacher. */
const TRAINING_FILES: readonly string[] = [MODEL, CHECKPOINT, 'teachers'];

/**
 * Checks that a training may use a folder: one that does not exist, is empty, or holds a training.
 *
 * @param force whether to allow foreign files, as long as none has the name of a training's file
 * @throws EvopatchError `FILE_SYSTEM`
 */
export async function checkTrainingFolder(path: string, force = false): Promise<void> {
  const names = await readdir(path).catch((cause): string[] => {
    if (cause.code === 'ENOENT') return [];
    throw fileSystemError('cannot read the folder', path, cause);
  });
  const others = names.filter((name) => !name.startsWith(LOCK) && !isTemporaryName(name));
  const known = others.filter((name) => TRAINING_FILES.includes(name));
  const killedEarly = names.includes(LOCK) && known.length === others.length; // before its first checkpoint
  if (killedEarly || others.length === 0 || (force && known.length === 0)) return;
  if ((await readMetadata(join(path, CHECKPOINT)))?.format === FORMAT) return;
  const given = others.slice(0, 3).join(', ');
  const hint = 'Choose a new folder, or the folder of the training to continue';
  throw new EvopatchError('FILE_SYSTEM', 'the folder holds other files', { file: path, given, hint });
}

/** A training as its folder holds it, with the weights of its best epoch. */
export interface FolderContent extends TrainingCheckpoint {
  readonly weights: Weights;
}

const number = z.number();
const metadataSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  training: z.string(),
  teacher: z.string().optional(),
  epochs: z.string(),
  powers: z.string(),
});
const epochsSchema = z
  .array(
    z.strictObject({
      epoch: z.int().min(1),
      trainingLoss: number,
      learningRate: number,
      validationLoss: number,
      validationAccuracy: number,
    }),
  )
  .min(1);
const powersSchema = z.tuple([number, number]);

/** Identifies a training. */
export interface TrainingIdentity {
  /** Hash of everything that the training depends on. */
  readonly training: string;
  /** SHA-256 of the teacher's file, if there is one. */
  readonly teacher?: string;
}

/**
 * The folder of a training, with the model of its best epoch so far and a checkpoint of its last one. Both are replaced
 * atomically, the model first: wherever a process dies, the epoch after the checkpoint runs again, to the same bits. A
 * process locks the folder as long as it works on it.
 */
export class TrainingFolder {
  readonly path: string;
  readonly #model: string;
  readonly #checkpoint: string;
  readonly #lock: RunLock;

  private constructor(path: string, lock: RunLock) {
    this.path = path;
    this.#model = join(path, MODEL);
    this.#checkpoint = join(path, CHECKPOINT);
    this.#lock = lock;
  }

  /**
   * Opens the folder, or creates it if it is missing. Close it afterwards.
   *
   * @param force as in `checkTrainingFolder`
   * @throws EvopatchError `RUN_LOCKED` if another process works on it, `FILE_SYSTEM` if it holds foreign files.
   */
  static async open(path: string, force = false): Promise<TrainingFolder> {
    await makeFolder(path);
    await checkTrainingFolder(path, force);
    const lock = await RunLock.acquire(join(path, LOCK));
    await sweepInside(path);
    return new TrainingFolder(path, lock);
  }

  async close(): Promise<void> {
    await this.#lock.release();
  }

  /** @throws EvopatchError `FILE_SYSTEM`, `RUN_LOCKED` */
  async writeModel(model: Model): Promise<void> {
    await this.#lock.check();
    await saveModel(this.#model, model);
  }

  /** @throws EvopatchError `FILE_SYSTEM`, `RUN_LOCKED` */
  async writeCheckpoint(
    { epochs, progress: { state, average = new Map() } }: TrainingCheckpoint,
    identity: TrainingIdentity,
  ): Promise<void> {
    await this.#lock.check();
    const tensors = new Map<string, NamedTensor>();
    const add = (name: string, values: Float32Array) => tensors.set(name, { shape: [values.length], values });
    for (const [name, values] of state.weights) add(`weights/${name}`, values);
    for (const [name, values] of average) add(`average/${name}`, values);
    for (const [i, values] of state.moments.entries()) add(`moments/${i}`, values);
    const metadata = {
      format: FORMAT,
      version: VERSION,
      ...identity,
      epochs: canonicalJson(epochs),
      powers: canonicalJson(state.powers),
    };
    const digest = sha256(encodeSafetensors({ metadata, tensors }));
    const bytes = encodeSafetensors({ metadata: { ...metadata, sha256: digest }, tensors });
    await writeFileAtomic(this.#checkpoint, bytes);
  }

  /** Whether a checkpoint of the training with this hash is there. */
  async holds(training: string): Promise<boolean> {
    return (await readMetadata(this.#checkpoint))?.training === training;
  }

  /**
   * Reads the training; `undefined` if there is no checkpoint.
   *
   * @throws EvopatchError `INVALID_RUN` if it is another training or damaged, `INVALID_MODEL`, `FILE_SYSTEM`.
   */
  async read(identity: TrainingIdentity, engine: Engine): Promise<FolderContent | undefined> {
    let bytes: Uint8Array;
    try {
      bytes = await readWholeFile(this.#checkpoint, { problem: 'cannot read the checkpoint' });
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw cause;
    }
    const checkpoint = this.#decode(bytes, identity);
    const { network } = await readSingleModel(this.#model, engine);
    return { ...checkpoint, weights: network.weights };
  }

  #decode(bytes: Uint8Array, identity: TrainingIdentity): TrainingCheckpoint {
    try {
      const { metadata, tensors } = decodeSafetensors(bytes);
      const { sha256: digest, ...described } = metadata;
      if (digest !== sha256(encodeSafetensors({ metadata: described, tensors }))) {
        throw new EvopatchError('INVALID_RUN', 'the checksum does not match the content');
      }
      const { training, teacher, epochs, powers } = parse(metadataSchema, described, 'INVALID_RUN');
      if (training !== identity.training) {
        const taught = teacher !== undefined && identity.teacher !== undefined;
        const hint = 'Give a new folder, or the same network, data, teacher, seed and settings as before';
        const problem =
          taught && teacher !== identity.teacher
            ? 'the teacher has changed since the training began'
            : 'the folder holds another training';
        throw new EvopatchError('INVALID_RUN', problem, { hint });
      }
      const group = (name: string) =>
        new Map(
          [...tensors].flatMap(([key, { values }]) =>
            key.startsWith(`${name}/`) ? [[key.slice(name.length + 1), values] as const] : [],
          ),
        );
      const moments = group('moments');
      const state = {
        weights: group('weights'),
        moments: Array.from({ length: moments.size }, (_, i) => moments.get(String(i)) as Float32Array),
        powers: parse(powersSchema, parseStrictJson(powers), 'INVALID_RUN'),
      };
      const history = parse(epochsSchema, parseStrictJson(epochs), 'INVALID_RUN');
      const average = group('average');
      const progress = { state, history, ...(average.size === 0 ? {} : { average }) };
      return { epochs: history, progress };
    } catch (cause) {
      if (!(cause instanceof EvopatchError)) throw cause;
      throw new EvopatchError(
        'INVALID_RUN',
        cause.problem,
        { hint: 'Remove the folder and train anew', ...cause.data, file: this.#checkpoint },
        cause,
      );
    }
  }
}
