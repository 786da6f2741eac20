import * as z from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { describeNetwork } from '../network/describe.ts';
import { networkSpecSchema } from '../network/schema.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from './arena.ts';
import { Layout } from './layout.ts';
import { checkModelLimits } from './model-limits.ts';
import { Network } from './network.ts';
import { placeParameters } from './parameters.ts';
import type { NamedTensor } from './safetensors.ts';
import type { SealedContent } from './sealed.ts';

/** A network, or an ensemble that answers like one, with everything needed to use it. */
export interface Model<Answering = Network> {
  readonly network: Answering;
  /** Names of the classes, in the order of the network's outputs. */
  readonly classes: readonly string[];
  /** Geometry of the frames that the network reads, pixels. */
  readonly frame: ModelFrame;
  /** The genome that the network was built from, as plain data; only the code that wrote it can read it. */
  readonly genome?: unknown;
  /** How the model was made: numerics, hash of the data, seed and the like. */
  readonly info: ModelInfo;
}

export type ModelInfo = Readonly<Record<string, string | number | boolean>>;

/** Side of a frame, width of the border around the face, and the nose's distance from the left and upper edges. */
export interface ModelFrame {
  readonly size: number;
  readonly border: number;
  readonly noseX: number;
  readonly noseY: number;
}

const pixels = z.number().min(0).max(4096);
/** Fields that every kind of model has. */
export const modelFields = {
  classes: z.array(z.string().min(1).max(200)),
  frame: z.strictObject({ size: pixels, border: pixels, noseX: pixels, noseY: pixels }),
  info: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
} as const;
const contentSchema = z.strictObject({
  ...modelFields,
  network: networkSpecSchema,
  genome: z.unknown().optional(),
});
type Content = z.output<typeof contentSchema>;

/** @throws EvopatchError `INVALID_MODEL`, without the name of the file. */
export function modelOf({ fields, tensors }: SealedContent, engine: Engine): Model {
  const { network: spec, classes, frame, genome, info } = checkContent(fields);
  const model = { network: networkOf(engine, spec, tensors), classes, frame, info };
  return genome === undefined ? model : { ...model, genome };
}

/** @throws EvopatchError `INVALID_MODEL` if the arrays are not those of the network. */
export function networkOf(
  engine: Engine,
  spec: NetworkSpec,
  tensors: ReadonlyMap<string, NamedTensor>,
): Network {
  checkTensors(spec, tensors);
  return new Network(engine, spec, new Map([...tensors].map(([name, { values }]) => [name, values])));
}

/** Returns the arrays of a network. @throws EvopatchError `INVALID_MODEL` if they are not whole. */
export function tensorsOf({ spec, weights }: Network): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>();
  for (const { name, shape } of parametersOf(spec)) {
    tensors.set(name, { shape, values: weights.get(name) ?? new Float32Array(0) });
  }
  checkTensors(spec, tensors);
  return tensors;
}

/** @throws EvopatchError `INVALID_MODEL`, without the name of the file. */
export function checkContent(value: unknown): Content {
  const content = parse(contentSchema, value, 'INVALID_MODEL');
  checkFit(content.network, content);
  checkModelLimits([content.network]);
  return content;
}

/** Describes a frame; equal descriptions mean equal frames. */
export function describeFrame({ size, border, noseX, noseY }: ModelFrame): string {
  return `${size}, ${border}, ${noseX}, ${noseY}`;
}

/** @throws EvopatchError `INVALID_MODEL` if a network has not these classes or reads other frames. */
export function checkFit(network: NetworkSpec, { classes, frame }: Pick<Model, 'classes' | 'frame'>): void {
  if (classes.length !== network.classes || new Set(classes).size !== classes.length) {
    throw invalid(`the network needs ${network.classes} different classes`, { given: classes });
  }
  if (frame.size !== network.frameSize) {
    throw invalid(`the network reads frames of ${network.frameSize} pixels`, { given: frame.size });
  }
}

/** Checks that the arrays are exactly those of the network, of the right shapes and finite. */
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

/** Lists the arrays of a network. @throws EvopatchError `INVALID_NETWORK` */
export function parametersOf(spec: NetworkSpec) {
  return placeParameters(describeNetwork(spec), new Layout(1)).parameters;
}

function invalid(problem: string, data: ErrorData = {}): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, data);
}
