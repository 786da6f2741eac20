import { EvopatchError } from '../core/errors.ts';
import { describeNetwork, inputNames } from '../network/describe.ts';
import type { CropLayer, NetworkSpec } from '../network/spec.ts';
import { forwardSteps, type Inputs } from './forward-steps.ts';
import { inputGradientSteps, type ReluRule } from './input-gradient-steps.ts';
import { LayerGraph, upstreamOf, withoutDropout } from './layer-graph.ts';
import { LANES, Layout, type Tensor } from './layout.ts';
import { type ParameterPlan, placeParameters } from './parameters.ts';
import { makePass, placeInputs } from './pass.ts';
import { gradientHalo, Placement } from './placement.ts';
import { block, encodeProgram, type Step } from './program.ts';

/** Selects what to differentiate, and by what. */
export interface GradientOptions {
  /** Layers whose outputs make up the scalar. @defaultValue the layer of the logits */
  readonly of?: readonly string[];
  /** Layers by whose outputs to differentiate it. @defaultValue the crops, hence the frame */
  readonly by?: readonly string[];
  /** @defaultValue 'plain' */
  readonly rule?: ReluRule;
}

/** The memory layout for one block's prediction and its gradient, and the programs that run them. */
export interface GradientPlan {
  readonly spec: NetworkSpec;
  readonly words: number;
  readonly parameters: ParameterPlan;
  readonly inputs: Inputs & Required<Pick<Inputs, 'levels'>>;
  readonly probabilities: Tensor;
  /** Name of the layer that gives the logits. */
  readonly logits: string;
  /** Outputs that can be read after `forward`: those of the logits and of the layers named in the options. */
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** Tensors for the scalar's derivatives by the outputs of `of`, to fill before `backward`. */
  readonly seeds: ReadonlyMap<string, Tensor>;
  /** Gradients of the outputs of `by`, after `backward`. */
  readonly gradients: ReadonlyMap<string, Tensor>;
  /** The crops among `by`. */
  readonly crops: readonly CropLayer[];
  /** Offsets of the tensor table and of the programs; run `prepare` after each change of the weights. */
  readonly tensors: number;
  readonly prepare: number;
  readonly forward: number;
  readonly backward: number;
  readonly constants: readonly { readonly offset: number; readonly words: Int32Array }[];
}

/**
 * Plans the gradient of a network that predicts, for one block of 16 samples.
 *
 * @throws EvopatchError `INVALID_NETWORK`; `INVALID_OPTION` if a layer does not exist or depends on no crop.
 */
export function planGradient(spec: NetworkSpec, options: GradientOptions = {}): GradientPlan {
  const layers = describeNetwork(spec);
  const whole = withoutDropout(new LayerGraph(layers));
  const crops = whole.layers.flatMap(({ layer }) => (layer.kind === 'crop' ? [layer] : []));
  const targets = new Set(options.of ?? [whole.output]);
  for (const name of [...targets, ...(options.by ?? [])]) checkLayer(whole, name);
  const upstream = upstreamOf(whole, targets);
  const reached = crops.filter(({ name }) => upstream.has(name));
  const sources = new Set(options.by ?? reached.map(({ name }) => name));
  const downstream = downstreamOf(whole, sources);
  checkReach(targets, sources, upstream, downstream);

  const kept = new Set([whole.output, ...targets, ...sources]);
  const graph = whole.restricted(() => true, kept);
  const between = whole.restricted((name) => upstream.has(name), kept);
  const wanted = (name: string) => downstream.has(name);

  const layout = new Layout(1);
  const parameters = placeParameters(layers, layout);
  const levels = { signed: layout.reserve(2 * LANES), raw: layout.reserve(2 * LANES) };
  const inputs = { ...placeInputs(spec, layout, LANES), levels };
  const probabilities = layout.tensor({ channels: spec.classes, height: 1, width: 1 }, false);
  const pass = makePass(graph, layout, parameters, inputs, false, { gradient: true });
  const steps = forwardSteps(pass);
  const forward = [
    ...steps.filter((step) => step.scope === 'block'),
    block('softmax', { logits: pass.outputs.tensor(graph.output), probabilities }),
  ];

  const zeros = layout.reserve(Math.max(...layers.map(({ output }) => output.channels)));
  const halo = (name: string) => gradientHalo(between, name, wanted);
  const gradients = new Placement(between, layout, false, halo);
  const { rule = 'plain' } = options;
  const backward = inputGradientSteps({ ...pass, layout, gradients, between, wanted, zeros, rule }, targets);
  const prepare = [...steps.filter((step) => step.scope === 'batch'), ...backward.prepare];

  const placed = (names: Iterable<string>, placement: Placement) =>
    new Map(Array.from(names, (name) => [name, placement.tensor(name)]));
  const results = {
    outputs: placed(kept, pass.outputs),
    seeds: backward.seeds,
    gradients: placed(sources, gradients),
  };
  const place = (program: readonly Step[]) => {
    const words = encodeProgram(program);
    return { offset: layout.reserve(words.length), words };
  };
  const programs = [place(prepare), place(forward), place(backward.steps)];
  const table = layout.table();
  const tensors = layout.reserve(table.length);
  return {
    ...results,
    spec,
    words: layout.words,
    parameters,
    inputs,
    probabilities,
    logits: graph.output,
    crops: reached.filter(({ name }) => sources.has(name)),
    tensors,
    prepare: programs[0].offset,
    forward: programs[1].offset,
    backward: programs[2].offset,
    constants: [...programs, { offset: tensors, words: table }],
  };
}

function checkLayer(graph: LayerGraph, name: string): void {
  if (graph.has(name)) return;
  const names = graph.layers.map(({ layer }) => layer.name);
  const hint = `Layers are ${names.slice(0, 40).join(', ')}${names.length > 40 ? ', …' : ''}`;
  throw new EvopatchError('INVALID_OPTION', 'the network has no such layer', { layer: name, hint });
}

/** Checks that every target depends on a source, and that every source leads to a target. */
function checkReach(
  targets: ReadonlySet<string>,
  sources: ReadonlySet<string>,
  upstream: ReadonlySet<string>,
  downstream: ReadonlySet<string>,
): void {
  const idle = [
    ...[...targets].filter((name) => !downstream.has(name)),
    ...[...sources].filter((name) => !upstream.has(name)),
  ][0];
  if (idle === undefined) return;
  throw new EvopatchError('INVALID_OPTION', 'no gradient flows between this layer and the others named', {
    layer: idle,
  });
}

/** Finds the layers and everything that reads them, directly or not. */
function downstreamOf(graph: LayerGraph, names: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(names);
  for (const { layer } of graph.layers) {
    if (inputNames(layer).some((name) => found.has(name))) found.add(layer.name);
  }
  return found;
}
