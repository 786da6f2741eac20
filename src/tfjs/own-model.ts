import * as z from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import type { Predictor } from '../ensemble/ensemble.ts';
import { modelOfContent } from '../ensemble/ensemble-content.ts';
import { networkSpecSchema } from '../network/schema.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Engine } from '../nn/engine.ts';
import { type Model, modelFields, parametersOf } from '../nn/model.ts';
import { checkModelLimits } from '../nn/model-limits.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import { ENSEMBLE_FORMAT, MODEL_FORMAT, type UnsealedContent } from '../nn/sealed.ts';
import type { TfjsTopology } from './artifacts.ts';
import { layersModelOf, NO_LICENSE, TFJS_FORMAT, TFJS_VERSION } from './model-to-tfjs.ts';
import { readArrays } from './read-artifacts.ts';
import { readTopology } from './topology-schema.ts';
import { fromTfjs, type LearntKind, TFJS_ROLES } from './weight-layout.ts';

const described = { network: networkSpecSchema, updates: z.record(z.string(), z.number().min(0)) };
const genome = z.unknown().optional();
const member = z.strictObject({ ...described, genome, info: modelFields.info });
const ends = {
  ...modelFields,
  format: z.literal(TFJS_FORMAT),
  version: z.literal(TFJS_VERSION),
  license: z.string(),
};
const single = z.strictObject({ ...ends, ...described, genome });
const ensemble = z.strictObject({
  ...ends,
  members: z.array(member).min(1).max(1000),
  combination: z.unknown(),
  weights: z.unknown(),
});

/** A layers model of evopatch as it was read. */
export interface OwnLayersModel {
  readonly topology: object;
  readonly arrays: ReadonlyMap<string, NamedTensor>;
  readonly metadata: unknown;
}

/**
 * Reads what `modelToTfjs` wrote, also after further training. The layers must still be those that it writes for the network in
 * the metadata, with its constants.
 *
 * @throws EvopatchError `INVALID_MODEL`, `INVALID_NETWORK`
 */
export function importOwn({ topology, arrays, metadata }: OwnLayersModel, engine: Engine): Model<Predictor> {
  const isEnsemble = typeof metadata === 'object' && metadata !== null && 'members' in metadata;
  const content = isEnsemble ? ensembleContent(metadata) : singleContent(metadata);
  const { networks, license, format, fields } = content;
  checkModelLimits(networks.map(({ network }) => network));
  const all = networks.flatMap(({ network, updates, prefix }, number) => {
    return parametersOf(network).map((parameter) => ({ ...parameter, network, updates, prefix, number }));
  });
  const modelWith = (arrayOf: (parameter: (typeof all)[number]) => NamedTensor) => {
    const tensors = new Map(
      all.map((parameter) => [`${parameter.prefix}${parameter.name}`, arrayOf(parameter)]),
    );
    return modelOfContent({ format, fields, tensors }, engine);
  };
  const blank = modelWith(({ shape }) => {
    return { shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
  });
  const { artifacts, owners } = layersModelOf(blank, { license });
  checkLayers(artifacts.modelTopology, topology);
  const expected = readArrays(artifacts);
  checkShapes(expected, arrays);
  const constants = new Set(expected.keys());
  const model = modelWith(({ layer, role, shape, network, updates, number }) => {
    if (role === 'updates') return { shape, values: Float32Array.of(updates[layer] ?? 0) };
    const { kind } = network.layers.find(({ name }) => name === layer) as { kind: LearntKind };
    const theirs = `${owners[number].get(layer)}/${TFJS_ROLES[kind][role]}`;
    constants.delete(theirs);
    return fromTfjs(kind, arrays.get(theirs) as NamedTensor);
  });
  for (const name of constants) checkConstant(name, expected, arrays);
  return license === NO_LICENSE ? model : { ...model, info: { ...model.info, license } };
}

interface Content extends Omit<UnsealedContent, 'tensors'> {
  readonly license: string;
  readonly networks: readonly {
    readonly network: NetworkSpec;
    readonly updates: Readonly<Record<string, number>>;
    /** Before the names of its arrays in the model file. */
    readonly prefix: string;
  }[];
}

function singleContent(metadata: unknown): Content {
  const {
    network,
    updates,
    classes,
    frame,
    info,
    genome: genes,
    license,
  } = parse(single, metadata, 'INVALID_MODEL');
  const fields = { network, classes, frame, info, ...(genes !== undefined && { genome: genes }) };
  return { format: MODEL_FORMAT, fields, license, networks: [{ network, updates, prefix: '' }] };
}

function ensembleContent(metadata: unknown): Content {
  const { members, license, format: _, version: __, ...rest } = parse(ensemble, metadata, 'INVALID_MODEL');
  const fields = { ...rest, members: members.map(({ updates: ___, ...one }) => one) };
  const networks = members.map(({ network, updates }, i) => ({ network, updates, prefix: `${i}/` }));
  return { format: ENSEMBLE_FORMAT, fields, license, networks };
}

const HINT = 'Export the model again, and change its weights only by training';

/** Layers may have more settings than evopatch writes: TensorFlow.js adds its defaults when it saves. */
function checkLayers(expected: TfjsTopology, topology: object): void {
  const [own, given] = [readTopology(expected), readTopology(topology)];
  const byName = new Map(given.layers.map((layer) => [layer.name, layer]));
  for (const layer of own.layers) {
    const found = byName.get(layer.name);
    if (found === undefined) throw changed('this layer of the network is missing', layer.name);
    byName.delete(layer.name);
    if (found.className !== layer.className || !contains(found.uses, layer.uses)) {
      throw changed('this is not the layer of the network', layer.name);
    }
    const setting = Object.keys(layer.config).find((key) => !contains(found.config[key], layer.config[key]));
    if (setting === undefined) continue;
    throw changed(
      `its ${setting} must be ${canonicalJson(layer.config[setting])}`,
      layer.name,
      found.config[setting],
    );
  }
  const [more] = byName.keys();
  if (more !== undefined) throw changed('the network has no such layer', more);
  if (!contains(given.ends, own.ends)) {
    throw changed('the model must end where the network does', `${own.ends?.outputs}`, given.ends?.outputs);
  }
}

function contains(given: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return given === expected;
  if (typeof given !== 'object' || given === null) return false;
  if (Array.isArray(expected) && (given as unknown[]).length !== expected.length) return false;
  return Object.entries(expected).every(([key, value]) =>
    contains((given as Record<string, unknown>)[key], value),
  );
}

type Arrays = ReadonlyMap<string, NamedTensor>;

function checkShapes(expected: Arrays, given: Arrays): void {
  for (const [name, { shape }] of expected) {
    const found = given.get(name);
    if (found === undefined) throw invalid(`the weights '${name}' are missing`);
    if (canonicalJson(found.shape) !== canonicalJson(shape)) {
      throw invalid(`the weights '${name}' must have the shape ${canonicalJson(shape)}`, found.shape);
    }
  }
  const more = [...given.keys()].find((name) => !expected.has(name));
  if (more !== undefined) throw invalid('no layer has these weights', more);
}

function checkConstant(name: string, expected: Arrays, given: Arrays): void {
  const [own, found] = [expected, given].map((arrays) => (arrays.get(name) as NamedTensor).values);
  if (!own.every((value, i) => value === found[i])) {
    throw invalid(`the weights '${name}' are constants of evopatch and have changed`);
  }
}

function changed(problem: string, layer: string, given?: unknown): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, {
    layer,
    hint: HINT,
    ...(given !== undefined && { given }),
  });
}

function invalid(problem: string, given?: unknown): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, { hint: HINT, ...(given !== undefined && { given }) });
}
