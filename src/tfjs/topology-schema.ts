import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';

/** A layer as a file describes it. */
export interface GivenLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What each use of the layer reads: names of layers with the numbers of their use; none in a sequential model. */
  readonly uses: readonly (readonly (readonly [layer: string, use: number])[])[];
}

/** The layers of a model. */
export interface GivenTopology {
  readonly layers: readonly GivenLayer[];
  /** The layers that a functional model reads and answers with; a sequential one has neither. */
  readonly ends?: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
}

const MAX_LAYERS = 10_000;

const config = z.record(z.string(), z.unknown());
const name = z.string().min(1).max(500);
const reference = z.tuple([name, z.int().min(0), z.int().min(0)]).rest(z.unknown());
const layer = z.object({
  class_name: z.string(),
  name: name.optional(),
  config,
  inbound_nodes: z.array(z.array(reference)).default([]),
});
const layers = z.array(layer).min(1).max(MAX_LAYERS);
const sequential = z.object({
  class_name: z.literal('Sequential'),
  config: z.union([layers, z.object({ layers })]),
});
const functional = z.object({
  class_name: z.enum(['Model', 'Functional']),
  config: z.object({ layers, input_layers: z.array(reference), output_layers: z.array(reference) }),
});
const schema = z.discriminatedUnion('class_name', [sequential, functional]);

/**
 * Reads the layers of a topology that TensorFlow.js, its converter or Keras 2 wrote.
 *
 * @throws EvopatchError `INVALID_MODEL`
 */
export function readTopology(topology: object): GivenTopology {
  const whole = 'model_config' in topology ? topology.model_config : topology;
  const model = parse(schema, whole, 'INVALID_MODEL');
  const found = Array.isArray(model.config) ? model.config : model.config.layers;
  const given = found.map((one): GivenLayer => {
    const own = one.name ?? one.config.name;
    if (typeof own !== 'string') {
      throw new EvopatchError('INVALID_MODEL', 'a layer has no name', { given: one.class_name });
    }
    const uses = one.inbound_nodes.map((use) => use.map(([from, number]) => [from, number] as const));
    return { className: one.class_name, name: own, config: one.config, uses };
  });
  if (new Set(given.map((one) => one.name)).size !== given.length) {
    throw new EvopatchError('INVALID_MODEL', 'two layers have the same name');
  }
  if (model.class_name === 'Sequential') return { layers: given };
  const namesOf = (ends: readonly z.output<typeof reference>[]) => ends.map(([end]) => end);
  const { input_layers, output_layers } = model.config;
  return { layers: given, ends: { inputs: namesOf(input_layers), outputs: namesOf(output_layers) } };
}
