import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { sha256 } from '../core/hash.ts';
import { readWholeFile } from '../core/open-file.ts';
import { parse } from '../core/parse.ts';
import { parseStrictJson } from '../core/strict-json.ts';
import { isTemporaryName } from '../core/temporary-file.ts';
import type { TfjsArtifacts } from './artifacts.ts';
import { TFJS_FORMAT } from './model-to-tfjs.ts';
import type { LoadedLayersModel } from './read-artifacts.ts';

/** The file that TensorFlow.js opens; it names those of the weights. */
export const MODEL_JSON = 'model.json';
/** Names of weights say their content: a model.json never meets those of another export. */
const SHARD_NAME = /^weights-[0-9a-f]{16}-\d+of\d+\.bin$/;
/** Browsers cache files up to this size, and TensorFlow.js' own converter writes no larger ones. */
const SHARD_BYTES = 4 * 2 ** 20;
const MAX_JSON_BYTES = 64 * 2 ** 20;
const MAX_WEIGHT_BYTES = 2 ** 30;

/**
 * Writes a layers model as `model.json` and files of weights, for `tf.loadLayersModel`. The folder holds an earlier model until
 * `model.json` is replaced, which is done last.
 *
 * @returns the bytes written
 * @throws EvopatchError `FILE_SYSTEM`
 */
export async function writeTfjs(folder: string, artifacts: TfjsArtifacts): Promise<number> {
  const { weightSpecs, weightData, ...model } = artifacts;
  const bytes = new Uint8Array(weightData);
  const name = `weights-${sha256(bytes).slice(0, 16)}`;
  const count = Math.max(1, Math.ceil(bytes.length / SHARD_BYTES));
  const paths = Array.from({ length: count }, (_, i) => `${name}-${i + 1}of${count}.bin`);
  for (const [i, path] of paths.entries()) {
    await writeFileAtomic(join(folder, path), bytes.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES));
  }
  const json = JSON.stringify({ ...model, weightsManifest: [{ paths, weights: weightSpecs }] });
  await writeFileAtomic(join(folder, MODEL_JSON), json);
  for (const old of await readdir(folder)) {
    if (SHARD_NAME.test(old) && !paths.includes(old)) await rm(join(folder, old), { force: true });
  }
  return bytes.length + Buffer.byteLength(json);
}

/**
 * Checks that an export may use a folder: one that does not exist, is empty, or holds an export of evopatch.
 *
 * @param force whether to allow other files, as long as none is a model.json of others
 * @throws EvopatchError `FILE_SYSTEM`
 */
export async function checkTfjsFolder(folder: string, force = false): Promise<void> {
  const names = await readdir(folder).catch((cause): string[] => {
    if (cause.code === 'ENOENT') return [];
    throw fileSystemError('cannot read the folder', folder, cause);
  });
  const inTheWay = names.includes(MODEL_JSON) && !(await isOwn(join(folder, MODEL_JSON)));
  const others = names.filter(
    (name) => name !== MODEL_JSON && !SHARD_NAME.test(name) && !isTemporaryName(name),
  );
  if (!inTheWay && (force || others.length === 0)) return;
  throw new EvopatchError('FILE_SYSTEM', 'the folder holds other files', {
    file: folder,
    given: [...(inTheWay ? [MODEL_JSON] : []), ...others].slice(0, 3).join(', '),
    hint: inTheWay ? 'Choose a new folder' : 'Choose a new folder; --force writes into this one',
  });
}

async function isOwn(file: string): Promise<boolean> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))?.userDefinedMetadata?.format === TFJS_FORMAT;
  } catch {
    return false;
  }
}

const modelSchema = z.object({
  format: z.string().optional(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({ paths: z.array(z.string()).max(10_000), weights: z.array(z.unknown()) }),
  ),
  userDefinedMetadata: z.unknown().optional(),
});

/**
 * Reads a layers model from its folder.
 *
 * @throws EvopatchError `INVALID_MODEL` if it is none, or names files outside of the folder; `FILE_SYSTEM`.
 */
export async function readTfjs(folder: string): Promise<LoadedLayersModel> {
  const file = join(folder, MODEL_JSON);
  const json = await readWholeFile(file, { problem: 'cannot read the model', maxBytes: MAX_JSON_BYTES });
  const { format, weightsManifest, ...model } = modelOf(json.toString('utf8'), file);
  if (format !== undefined && format !== 'layers-model') {
    const hint = "A layers model is needed, as 'model.save' and the converter's tfjs_layers_model write it";
    throw new EvopatchError('INVALID_MODEL', 'this is no layers model', { file, given: format, hint });
  }
  const parts: Buffer[] = [];
  let rest = MAX_WEIGHT_BYTES;
  for (const path of weightsManifest.flatMap(({ paths }) => paths)) {
    if (/[\\/:\0]|^\.*$/.test(path)) {
      const hint = 'Put the files of the weights beside model.json';
      throw new EvopatchError('INVALID_MODEL', 'the weights must lie in the folder of the model', {
        file,
        given: path,
        hint,
      });
    }
    const part = await readWholeFile(join(folder, path), {
      problem: 'cannot read the weights',
      maxBytes: rest,
    });
    rest -= part.length;
    parts.push(part);
  }
  const bytes = new Uint8Array(Buffer.concat(parts));
  return {
    ...model,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: bytes.buffer,
  };
}

function modelOf(json: string, file: string): z.output<typeof modelSchema> {
  try {
    return parse(modelSchema, parseStrictJson(json), 'INVALID_MODEL');
  } catch (cause) {
    if (!(cause instanceof EvopatchError)) throw cause;
    const hint = 'Give the folder of a layers model of TensorFlow.js';
    throw new EvopatchError('INVALID_MODEL', cause.problem, { ...cause.data, file, hint }, cause);
  }
}
