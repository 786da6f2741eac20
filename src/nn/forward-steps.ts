import { type LayerDescription, type Shape, windowPositions } from '../network/describe.ts';
import type { CropLayer, LayerSpec, Padding, PoolLayer, Size } from '../network/spec.ts';
import type { LayerGraph } from './layer-graph.ts';
import { halosCover, type Tensor } from './layout.ts';
import type { ParameterPlan } from './parameters.ts';
import { inputHalo, type Placement } from './placement.ts';
import { batch, block, blockOrBatch, type Step, type Window } from './program.ts';
import { suitsWinograd, type Winograd } from './winograd.ts';

/** Share of the old value that running statistics keep with each update. */
export const RUNNING_MOMENTUM = { batch: 0.9, block: 0.97 } as const;

/** For crops of fixed levels: the grey level that becomes 0, and the step from one grey level to the next. */
export const LEVELS = { signed: { zero: 127.5, scale: 1 / 127.5 }, raw: { zero: 0, scale: 1 } } as const;

/** Words that describe a sample's view. */
export const VIEW_WORDS = 5;

/** Offsets that the steps of a network share with the code that feeds it. */
export interface Inputs {
  readonly frameSize: number;
  /** Bytes of the batch's frames, [samples][size][size]. */
  readonly frames: number;
  /** For each sample: shift in x and y, whether flipped, cosine and sine of its rotation over its zoom, in 65,536ths. */
  readonly samples: number;
  /** For each block: the means of its samples' frames, then their inverse deviations. */
  readonly statistics: number;
  /**
   * For crops of fixed levels: the zeros of the 16 lanes, then their scales. Present if they can change between runs;
   * otherwise they are constants of the program.
   */
  readonly levels?: Readonly<Record<keyof typeof LEVELS, number>>;
  /** A word that changes with every training step. */
  readonly dropoutSeed: number;
}

/** Everything that it takes to build the steps of one pass. */
export interface Pass {
  readonly graph: LayerGraph;
  readonly outputs: Placement;
  readonly parameters: ParameterPlan;
  readonly inputs: Inputs;
  readonly training: boolean;
  /** Present if convolutions take the form of Winograd where that is faster. */
  readonly winograd?: Winograd;
  /** Whether every output has memory for all blocks at once. */
  readonly perBlock: boolean;
  /** Whether threads share the pass. */
  readonly shared: boolean;
  /** Inputs of convolutions that had to be copied into a halo, by the convolution's name. */
  readonly padded: Map<string, Tensor>;
  /**
   * Where max-poolings say which of its inputs each maximum is, by layer; present if a gradient follows, which reads no more
   * than that.
   */
  readonly choices?: Map<string, Tensor>;
  /** Returns the tensor that keeps each channel's mean and inverse deviation for the gradient of a batch normalisation. */
  statisticsOf(layer: string): Tensor;
}

/** Where the steps of a pass find the outputs of layers. */
export type Outputs = Pick<Placement, 'tensor' | 'another'>;

/** Builds the steps that compute every layer's output from the frames. */
export function forwardSteps(pass: Pass): Step[] {
  return pass.graph.layers.flatMap((described, index) => layerSteps(pass, described, index));
}

function layerSteps(pass: Pass, described: LayerDescription, index: number): Step[] {
  const { layer, inputs } = described;
  const { graph, outputs, parameters } = pass;
  const out = outputs.tensor(layer.name);
  const relu = graph.fusedRelu(layer.name) !== undefined;
  const learnt = () => ({
    weights: parameters.offsetOf(layer.name, 'weights'),
    bias: parameters.offsetOf(layer.name, 'bias'),
  });
  switch (layer.kind) {
    case 'crop': {
      const { frames, samples } = pass.inputs;
      return [block('crop', { out, frames, samples, ...cropOf(layer, pass.inputs) })];
    }
    case 'conv2d':
    case 'depthwise-conv2d': {
      const [input, copies] = withHalo(pass, layer, described);
      const name = layer.kind === 'conv2d' ? 'conv2d' : 'depthwise_conv2d';
      const window = windowOf(layer.kernel, layer, inputs[0]);
      if (pass.winograd && suitsWinograd(described)) {
        return [...copies, pass.winograd.convolution(input, out, learnt(), window, relu)];
      }
      return [...copies, block(name, { in: input, out, ...learnt(), ...window, relu })];
    }
    case 'dense':
      return [
        blockOrBatch('dense', pass.perBlock && !pass.shared, {
          in: outputs.tensor(layer.input),
          out,
          ...learnt(),
          relu,
        }),
      ];
    case 'batch-normalization':
      return normalizationSteps(pass, layer, out, relu);
    case 'dropout':
      return [dropoutStep(pass, layer.rate, index, outputs.tensor(layer.input), out)];
    case 'add':
      return sumSteps(outputs, layer.inputs, out, relu);
    case 'concatenate':
      return concatenateSteps(pass, layer.inputs, out);
    case 'flatten':
      return copySteps(outputs.tensor(layer.input), out);
    case 'max-pool':
      return pass.choices
        ? choiceSteps(pass, pass.choices, layer, inputs[0])
        : alikeSteps(outputs, layer, inputs);
    default:
      return alikeSteps(outputs, layer, inputs);
  }
}

/** Pools, and keeps what the gradient needs. */
function choiceSteps(
  { graph, outputs, training }: Pass,
  choices: Map<string, Tensor>,
  layer: PoolLayer,
  input: Shape,
): Step[] {
  const choice = outputs.another(layer.name);
  choices.set(layer.name, choice);
  const relu = training && graph.pooledRelu(layer.input);
  const from = outputs.tensor(layer.input);
  // Nothing reads a masked ReLU again, so another layer may have its memory, which is still in the cache.
  if (relu) outputs.release(from.memory);
  const values = { in: from, out: outputs.tensor(layer.name), choice, relu };
  return [block('max_pool_choice', { ...values, ...windowOf(layer.size, layer, input) })];
}

/** Layers of one input whose kernels treat all lanes alike. */
type AlikeLayer = Extract<
  LayerSpec,
  { kind: 'resize' | 'relu' | 'max-pool' | 'average-pool' | 'global-average-pool' | 'quantize' }
>;

/** Builds the steps of a layer that are the same whatever a lane stands for. */
export function alikeSteps(outputs: Outputs, layer: AlikeLayer, inputs: readonly Shape[]): Step[] {
  const out = outputs.tensor(layer.name);
  const input = outputs.tensor(layer.input);
  switch (layer.kind) {
    case 'resize':
      return [block('resize', { in: input, out })];
    case 'relu':
      return input.id === out.id ? [] : [block('relu', { in: input, out })];
    case 'max-pool':
    case 'average-pool': {
      const name = layer.kind === 'max-pool' ? 'max_pool' : 'average_pool';
      return [block(name, { in: input, out, ...windowOf(layer.size, layer, inputs[0]) })];
    }
    case 'global-average-pool':
      return [block('global_average_pool', { in: input, out })];
    case 'quantize':
      return [block('quantize', { in: input, out, scale: layer.scale, zero: layer.zero })];
  }
}

/** Describes a crop to the kernels. */
export function cropOf({ x, y, mirror, levels }: CropLayer, inputs: Inputs) {
  const { zero, scale } = levels ? LEVELS[levels] : { zero: 0, scale: 0 };
  const offset = levels ? (inputs.levels?.[levels] ?? -1) : inputs.statistics;
  return { levels: offset, size: inputs.frameSize, x, y, mirror, zero, scale };
}

/** Describes a window over an input to the kernels. */
export function windowOf(
  [height, width]: Size,
  { stride, padding }: { stride: number; padding: Padding },
  input: { height: number; width: number },
): Window {
  const pad_y = windowPositions(input.height, height, stride, padding).before;
  const pad_x = windowPositions(input.width, width, stride, padding).before;
  return { height, width, stride, pad_y, pad_x };
}

/** Applies dropout to outputs, or the same mask to their gradient; `layer` is the layer's index. */
export function dropoutStep({ inputs }: Pass, rate: number, layer: number, from: Tensor, out: Tensor): Step {
  const threshold = Math.floor(rate * 2 ** 32) | 0;
  const keep_scale = 1 / (1 - rate);
  return block('dropout', { in: from, out, threshold, keep_scale, seed: inputs.dropoutSeed, layer });
}

/** Copies in reading order; needs no step if both tensors share their memory. */
export function copySteps(from: Tensor, to: Tensor): Step[] {
  return from.offset === to.offset ? [] : [block('copy', { in: from, out: to })];
}

/** Sums tensors into `out`, with a ReLU at the end if wanted. */
export function addSteps([first, ...rest]: readonly Tensor[], out: Tensor, relu = false): Step[] {
  if (rest.length === 0) return relu ? [block('relu', { in: first, out })] : copySteps(first, out);
  return rest.map((b, i) => {
    return block('add', { a: i === 0 ? first : out, b, out, relu: relu && i === rest.length - 1 });
  });
}

/** Sums the outputs of layers into `out`. */
export function sumSteps(outputs: Outputs, names: readonly string[], out: Tensor, relu: boolean): Step[] {
  return addSteps(
    names.map((name) => outputs.tensor(name)),
    out,
    relu,
  );
}

/** Returns a convolution's input with the halo that it needs, and the steps that copy it there if its tensor lacks one. */
export function withHalo(
  pass: Pick<Pass, 'padded'> & { readonly outputs: Outputs },
  layer: LayerSpec & { input: string },
  { inputs }: LayerDescription,
): [Tensor, Step[]] {
  const input = pass.outputs.tensor(layer.input);
  const halo = inputHalo(layer, inputs[0]);
  if (halosCover(input.halo, halo)) return [input, []];
  const padded = pass.outputs.another(layer.input, halo);
  pass.padded.set(layer.name, padded);
  return [padded, copySteps(input, padded)];
}

function normalizationSteps(
  pass: Pass,
  layer: LayerSpec & { kind: 'batch-normalization' },
  out: Tensor,
  relu: boolean,
): Step[] {
  const at = (role: 'gamma' | 'beta' | 'mean' | 'variance' | 'updates') =>
    pass.parameters.offsetOf(layer.name, role);
  const input = pass.outputs.tensor(layer.input);
  const { channels } = input;
  const statistics = pass.statisticsOf(layer.name);
  const running = { mean: at('mean'), variance: at('variance') };
  const values = { in: input, out, statistics, gamma: at('gamma'), beta: at('beta'), relu, ...running };
  if (!pass.training) return [batch('running_statistics', values), block('normalize', values)];
  const momentum = RUNNING_MOMENTUM[layer.statistics];
  const update = { statistics, channels, ...running, updates: at('updates'), momentum };
  if (layer.statistics === 'block')
    return [block('block_normalize', values), block('update_running', update)];
  return [
    batch('batch_statistics', { in: input, statistics, first: 0, end: channels }),
    batch('update_running', update),
    block('normalize', values),
  ];
}

function concatenateSteps(pass: Pass, inputs: readonly string[], out: Tensor): Step[] {
  const steps: Step[] = [];
  let first = 0;
  for (const name of inputs) {
    const input = pass.outputs.tensor(name);
    steps.push(...copySteps(input, pass.outputs.channels(out, first, input.channels)));
    first += input.channels;
  }
  return steps;
}
