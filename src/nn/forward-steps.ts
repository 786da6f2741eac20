import type { LayerDescription } from '../network/describe.ts';
import { windowPositions } from '../network/describe.ts';
import type { LayerSpec, Padding, Size } from '../network/spec.ts';
import type { LayerGraph } from './layer-graph.ts';
import { halosCover, type Tensor } from './layout.ts';
import type { ParameterPlan } from './parameters.ts';
import { inputHalo, type Placement } from './placement.ts';
import { floatBits, type Step, type StepName } from './program.ts';

/** Share of the old value that running statistics keep with each update. */
const RUNNING_MOMENTUM = { batch: 0.9, block: 0.97 } as const;

/** The grey level that becomes 0, and what a grey level more adds, where that is the same for all frames. */
export const LEVELS = { signed: { zero: 127.5, scale: 1 / 127.5 }, raw: { zero: 0, scale: 1 } } as const;

/** Words by which a sample's view is told. */
export const VIEW_WORDS = 5;

/** Places that the steps of a network share with the code that feeds it. */
export interface Inputs {
  readonly frameSize: number;
  /** Bytes of the batch's frames, [samples][size][size]. */
  readonly frames: number;
  /** For each sample: shift in x and y, whether flipped, cosine and sine of its rotation over its zoom, in 65,536ths. */
  readonly samples: number;
  /** For each block: the means of its samples' frames, then their inverse deviations. */
  readonly statistics: number;
  /**
   * For crops of fixed levels: the zeros of the 16 lanes, then their scales, where these can change between runs. Else
   * they are constants of the program.
   */
  readonly levels?: Readonly<Record<keyof typeof LEVELS, number>>;
  /** A word that changes with every training step. */
  readonly dropoutSeed: number;
}

/** Everything that the steps of one pass are made from. */
export interface Pass {
  readonly graph: LayerGraph;
  readonly outputs: Placement;
  readonly parameters: ParameterPlan;
  readonly inputs: Inputs;
  readonly training: boolean;
  /** Inputs of convolutions that had to be copied into a halo, by the convolution's name. */
  readonly padded: Map<string, Tensor>;
  /** Mean and inverse deviation of each channel of a batch normalisation, kept for its gradient. */
  statisticsOf(layer: string): Tensor;
}

/** Steps that compute every layer's output from the frames. */
export function forwardSteps(pass: Pass): Step[] {
  return pass.graph.layers.flatMap((described, index) => layerSteps(pass, described, index));
}

function layerSteps(pass: Pass, described: LayerDescription, index: number): Step[] {
  const { layer, inputs } = described;
  const { graph, outputs, parameters } = pass;
  const out = outputs.tensor(layer.name);
  const relu = graph.fusedRelu(layer.name) ? 1 : 0;
  const offset = (role: 'weights' | 'bias') => parameters.offsetOf(layer.name, role);
  switch (layer.kind) {
    case 'crop': {
      const { frameSize, frames, samples, statistics, levels } = pass.inputs;
      const place = [frameSize, layer.x, layer.y, layer.mirror ? 1 : 0];
      const fixed = layer.levels && LEVELS[layer.levels];
      const scaling = fixed ? [floatBits(fixed.zero), floatBits(fixed.scale)] : [0, 0];
      const scales = layer.levels ? (levels?.[layer.levels] ?? -1) : statistics;
      return [block('crop', out.id, frames, samples, scales, ...place, ...scaling)];
    }
    case 'resize':
      return [block('resize', outputs.tensor(layer.input).id, out.id)];
    case 'conv2d':
    case 'depthwise-conv2d': {
      const [input, copies] = withHalo(pass, layer, described);
      const name = layer.kind === 'conv2d' ? 'conv2d' : 'depthwise_conv2d';
      const window = windowWords(layer.kernel, layer, inputs[0]);
      return [...copies, block(name, input.id, out.id, offset('weights'), offset('bias'), ...window, relu)];
    }
    case 'dense':
      return [
        block('dense', outputs.tensor(layer.input).id, out.id, offset('weights'), offset('bias'), relu),
      ];
    case 'relu': {
      const input = outputs.tensor(layer.input);
      return input.id === out.id ? [] : [block('relu', input.id, out.id)];
    }
    case 'max-pool':
    case 'average-pool': {
      const name = layer.kind === 'max-pool' ? 'max_pool' : 'average_pool';
      const window = windowWords(layer.size, layer, inputs[0]);
      return [block(name, outputs.tensor(layer.input).id, out.id, ...window)];
    }
    case 'global-average-pool':
      return [block('global_average_pool', outputs.tensor(layer.input).id, out.id)];
    case 'batch-normalization':
      return normalizationSteps(pass, layer, out, relu);
    case 'dropout':
      return [
        block('dropout', outputs.tensor(layer.input).id, out.id, ...dropoutWords(pass, layer.rate, index)),
      ];
    case 'add':
      return addSteps(
        layer.inputs.map((name) => outputs.tensor(name)),
        out,
      );
    case 'concatenate':
      return concatenateSteps(pass, layer.inputs, out);
    case 'flatten':
      return copySteps(outputs.tensor(layer.input), out);
  }
}

/** A step of each block. */
export function block(name: StepName, ...words: number[]): Step {
  return { scope: 'block', name, words };
}

/** A step of the whole batch. */
export function batch(name: StepName, ...words: number[]): Step {
  return { scope: 'batch', name, words };
}

/** Height, width, stride and leading zeros of a window, as kernels read them. */
export function windowWords(
  [height, width]: Size,
  { stride, padding }: { stride: number; padding: Padding },
  input: { height: number; width: number },
): number[] {
  const y = windowPositions(input.height, height, stride, padding).before;
  const x = windowPositions(input.width, width, stride, padding).before;
  return [height, width, stride, y, x];
}

/** Rate as a threshold for 32-bit hashes, the factor for what is kept, the seed's place and the layer's number. */
export function dropoutWords(pass: Pass, rate: number, layer: number): number[] {
  return [Math.floor(rate * 2 ** 32) | 0, floatBits(1 / (1 - rate)), pass.inputs.dropoutSeed, layer];
}

/** Nothing where both are one place, else a copy in reading order. */
export function copySteps(from: Tensor, to: Tensor): Step[] {
  return from.offset === to.offset ? [] : [block('copy', from.id, to.id)];
}

/** The sum of tensors into `out`. */
export function addSteps([first, ...rest]: readonly Tensor[], out: Tensor): Step[] {
  if (rest.length === 0) return copySteps(first, out);
  return rest.map((other, i) => block('add', i === 0 ? first.id : out.id, other.id, out.id));
}

/** The input of a convolution in the halo that it needs: copied where another place won over the halo. */
function withHalo(
  pass: Pass,
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
  relu: number,
): Step[] {
  const at = (role: 'gamma' | 'beta' | 'mean' | 'variance' | 'updates') =>
    pass.parameters.offsetOf(layer.name, role);
  const input = pass.outputs.tensor(layer.input);
  const statistics = pass.statisticsOf(layer.name).id;
  const words = [input.id, out.id, statistics, at('gamma'), at('beta'), relu, at('mean'), at('variance')];
  if (!pass.training) return [batch('running_statistics', ...words), block('normalize', ...words)];
  const state = [at('mean'), at('variance'), at('updates'), floatBits(RUNNING_MOMENTUM[layer.statistics])];
  const update = [statistics, input.channels, ...state];
  if (layer.statistics === 'block')
    return [block('block_normalize', ...words), block('update_running', ...update)];
  const channels = [0, input.channels];
  return [
    batch('batch_statistics', input.id, statistics, ...channels),
    batch('update_running', ...update),
    block('normalize', ...words),
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
