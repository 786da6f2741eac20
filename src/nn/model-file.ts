import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { canonicalJson, sha256 } from '../core/canonical-json.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { parse } from '../core/parse.ts';
import { parseStrictJson } from '../core/strict-json.ts';
import { describeNetwork } from '../network/describe.ts';
import { networkSpecSchema } from '../network/schema.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from './engine.ts';
import { Layout } from './layout.ts';
import { Network } from './network.ts';
import { placeParameters } from './parameters.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor, type Safetensors } from './safetensors.ts';

const FORMAT = 'evopatch model';
const VERSION = '1';
const LARGEST_FILE = 2 ** 30;

/** A network with all that is needed to use it. */
export interface Model {
  readonly network: Network;
  /** Names of the classes, in the order of the network's outputs. */
  readonly classes: readonly string[];
  /** Geometry of the frames that the network reads, pixels. */
  readonly frame: ModelFrame;
  /** What the network was made from, as plain data; only the part that wrote it can read it. */
  readonly genome?: unknown;
  /** How the model came about: numerics, hash of the data, seed and the like. */
  readonly info: Readonly<Record<string, string | number | boolean>>;
}

/** Side of a frame, width of the border around the face, and the nose's distance from the left and upper edges. */
export interface ModelFrame {
  readonly size: number;
  readonly border: number;
  readonly noseX: number;
  readonly noseY: number;
}

const pixels = z.number().min(0).max(4096);
const contentSchema = z.strictObject({
  network: networkSpecSchema,
  classes: z.array(z.string().min(1).max(200)),
  frame: z.strictObject({ size: pixels, border: pixels, noseX: pixels, noseY: pixels }),
  genome: z.unknown().optional(),
  info: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
type Content = z.output<typeof contentSchema>;

/**
 * Writes a model as one `.safetensors` file: arrays named and shaped as in `Parameter`, and strings: format, version,
 * network, classes, frame, genome and info as JSON, and the SHA-256 of all that. Equal models give equal bytes.
 *
 * @throws EvopatchError `INVALID_MODEL` where the parts do not fit together, `FILE_SYSTEM`.
 */
export async function saveModel(file: string, model: Model): Promise<void> {
  const { network, classes, frame, genome, info } = model;
  const content = { network: network.spec, classes, frame, genome, info };
  const bytes = naming(file, 'Only whole, trained networks can be saved', () => {
    const tensors = new Map<string, NamedTensor>();
    for (const { name, shape } of parametersOf(checkContent(content).network)) {
      tensors.set(name, { shape, values: network.weights.get(name) ?? new Float32Array(0) });
    }
    checkTensors(content.network, tensors);
    const fields = Object.entries(content).filter(([, value]) => value !== undefined);
    const metadata = Object.fromEntries(fields.map(([name, value]) => [name, canonicalJson(value)]));
    const described = { ...metadata, format: FORMAT, version: VERSION };
    return encodeSafetensors({ metadata: { ...described, sha256: digest(described, tensors) }, tensors });
  });
  await writeFileAtomic(file, bytes);
}

/**
 * Reads a model file.
 *
 * @throws EvopatchError `INVALID_MODEL` where it is damaged or not of this form, `FILE_SYSTEM` where it cannot be read.
 */
export async function readModel(file: string, engine: Engine): Promise<Model> {
  const bytes = await readWhole(file);
  return naming(file, 'Fetch the file again or train the model anew', () => {
    const { metadata, tensors } = decodeSafetensors(bytes);
    const { network, classes, frame, genome, info } = readContent(metadata, tensors);
    checkTensors(network, tensors);
    const weights = new Map([...tensors].map(([name, { values }]) => [name, values]));
    const model = { network: new Network(engine, network, weights), classes, frame, info };
    return genome === undefined ? model : { ...model, genome };
  });
}

async function readWhole(file: string): Promise<Uint8Array> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new Error('it is not a file');
    if (found.size <= LARGEST_FILE) return await readFile(file);
  } catch (cause) {
    throw fileSystemError('cannot read the model', file, cause);
  }
  throw new EvopatchError('INVALID_MODEL', `the file is larger than ${LARGEST_FILE} bytes`, { file });
}

function readContent(metadata: Safetensors['metadata'], tensors: Safetensors['tensors']): Content {
  const { sha256: expected, ...described } = metadata;
  const { format, version, ...fields } = described;
  if (format !== FORMAT) throw invalid('this is not a model of evopatch', { given: format ?? 'no format' });
  if (version !== VERSION) {
    const hint = `This release of evopatch reads version ${VERSION}`;
    throw invalid('the model has another version', { given: version ?? 'none', hint });
  }
  if (expected !== digest(described, tensors)) throw invalid('the checksum does not fit the content');
  const values = Object.entries(fields).map(([name, json]) => [name, parseStrictJson(json)]);
  return checkContent(Object.fromEntries(values));
}

function checkContent(value: unknown): Content {
  const content = parse(contentSchema, value, 'INVALID_MODEL');
  const { network, classes, frame } = content;
  if (classes.length !== network.classes || new Set(classes).size !== classes.length) {
    throw invalid(`the network needs ${network.classes} different classes`, { given: classes });
  }
  if (frame.size !== network.frameSize) {
    throw invalid(`the network reads frames of ${network.frameSize} pixels`, { given: frame.size });
  }
  return content;
}

/** Whether the arrays are those of the network, no more and no less, of the right shapes and finite. */
function checkTensors(spec: NetworkSpec, tensors: ReadonlyMap<string, NamedTensor>): void {
  const parameters = parametersOf(spec);
  for (const { name, layer, shape } of parameters) {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw invalid(`the array '${name}' is missing`, { layer });
    const size = shape.reduce((a, b) => a * b, 1);
    if (canonicalJson(tensor.shape) !== canonicalJson(shape) || tensor.values.length !== size) {
      const given = { shape: tensor.shape, numbers: tensor.values.length };
      throw invalid(`the array '${name}' must have the shape ${canonicalJson(shape)}`, { layer, given });
    }
    if (!tensor.values.every(Number.isFinite)) {
      throw invalid(`the array '${name}' holds a number that is not finite`, { layer });
    }
  }
  if (tensors.size !== parameters.length) {
    const known = new Set(parameters.map(({ name }) => name));
    throw invalid('the network has no such array', {
      given: [...tensors.keys()].find((name) => !known.has(name)),
    });
  }
}

function parametersOf(spec: NetworkSpec) {
  return placeParameters(describeNetwork(spec), new Layout(1)).parameters;
}

/** SHA-256 of everything but itself, whatever the order in the file. */
function digest(metadata: Safetensors['metadata'], tensors: Safetensors['tensors']): string {
  return sha256(encodeSafetensors({ metadata, tensors }));
}

function invalid(problem: string, data: ErrorData = {}): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, data);
}

/** Runs a function and turns its complaints into ones that name the file. */
function naming<T>(file: string, hint: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof EvopatchError)) throw cause;
    throw new EvopatchError('INVALID_MODEL', cause.problem, { hint, ...cause.data, file }, cause);
  }
}
