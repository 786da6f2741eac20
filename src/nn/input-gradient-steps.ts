import type { Shape } from '../network/describe.ts';
import type { BatchNormalizationLayer, CropLayer, LayerSpec, MergeLayer } from '../network/spec.ts';
import { convolutionInputSteps, TransposedWeights } from './backward-steps.ts';
import { addSteps, copySteps, type Pass, windowOf } from './forward-steps.ts';
import type { LayerGraph } from './layer-graph.ts';
import { LANES, type Layout, type Tensor } from './layout.ts';
import { gradientHalo, type Placement } from './placement.ts';
import { batch, block, blockOrBatch, type Step } from './program.ts';

/** How a ReLU passes gradients back: 'plain' its own gradient, 'guided' only the positive part of it. */
export type ReluRule = 'plain' | 'guided';

/** A prediction pass, with what its gradient also needs. */
export interface InputGradientPass extends Pass {
  readonly layout: Layout;
  readonly gradients: Placement;
  /** The layers from the sources to the targets of the gradient, both included. */
  readonly between: LayerGraph;
  /** Whether the output of a layer in `between` needs a gradient. */
  wanted(name: string): boolean;
  /** Offset of zeros, one for each channel of the widest layer. */
  readonly zeros: number;
  readonly rule: ReluRule;
}

type UnaryLayer = Exclude<LayerSpec, CropLayer | MergeLayer>;

/** Steps of an input gradient. */
export interface InputGradientSteps {
  /** Run these after each change of the weights. */
  readonly prepare: readonly Step[];
  /** From the seeds to the gradients of the inputs. */
  readonly steps: readonly Step[];
  /** Tensors for the gradients of the targets' outputs, to fill before the steps run. */
  readonly seeds: ReadonlyMap<string, Tensor>;
}

/**
 * Builds the steps that carry the gradient of some layers' outputs back to their sources, in a network in prediction:
 * batch normalisation uses its running statistics, which are constants here, and dropout is off. Parameters get no
 * gradients.
 *
 * @param targets the layers whose outputs to differentiate
 */
export function inputGradientSteps(
  pass: InputGradientPass,
  targets: ReadonlySet<string>,
): InputGradientSteps {
  const shares = new Map<string, Tensor[]>();
  const transposed = new TransposedWeights(pass.layout);
  const prepare: Step[] = [];
  const { between, choices, gradients, outputs, parameters } = pass;

  /** Returns the tensor for one share of an output's gradient, from a reader or from the caller. */
  const shareOf = (name: string): Tensor => {
    const givers = between.readers(name).length + (targets.has(name) ? 1 : 0);
    if (givers === 1) return gradients.tensor(name);
    const share = gradients.another(name);
    shares.set(name, [...(shares.get(name) ?? []), share]);
    return share;
  };

  const rectify = (out: Tensor, dy: Tensor, dx: Tensor): Step[] => {
    if (pass.rule === 'plain') return [block('relu_gradient', { out, dy, dx })];
    return [block('relu', { in: dy, out: dx }), block('relu_gradient', { out, dy: dx, dx })];
  };

  /** With constant statistics the gradient scales each channel: a normalisation without mean and shift does that. */
  const normalization = (layer: BatchNormalizationLayer, dy: Tensor, dx: Tensor): Step[] => {
    const at = (role: 'gamma' | 'variance') => parameters.offsetOf(layer.name, role);
    const positions = Math.ceil((2 * dy.channels) / LANES);
    const statistics = pass.layout.tensor({ channels: 1, height: 1, width: positions }, false);
    const factor = { gamma: at('gamma'), variance: at('variance'), mean: pass.zeros, beta: pass.zeros };
    const values = { in: dy, out: dx, statistics, ...factor, relu: false };
    prepare.push(batch('running_statistics', values));
    return [block('normalize', values)];
  };

  const masked = ({ name }: LayerSpec, dy: Tensor): Step[] =>
    between.fusedRelu(name) ? rectify(outputs.tensor(name), dy, dy) : [];

  const toInput = (layer: UnaryLayer, input: Shape, dy: Tensor): Step[] => {
    const out = outputs.tensor(layer.name);
    const dx = shareOf(layer.input);
    switch (layer.kind) {
      case 'conv2d':
      case 'depthwise-conv2d': {
        const halo = gradientHalo(between, layer.name, pass.wanted);
        return [
          ...masked(layer, dy),
          ...convolutionInputSteps({ ...pass, transposed }, layer, input, dy, dx, halo),
        ];
      }
      case 'dense': {
        const weights = parameters.offsetOf(layer.name, 'weights');
        return [...masked(layer, dy), blockOrBatch('dense_input_gradient', false, { dy, dx, weights })];
      }
      case 'batch-normalization':
        return [...masked(layer, dy), ...normalization(layer, dy, dx)];
      case 'relu':
        return between.fusedRelu(layer.input) ? [] : rectify(out, dy, dx);
      case 'max-pool':
      case 'average-pool': {
        const values = { dy, dx, ...windowOf(layer.size, layer, input) };
        if (layer.kind === 'average-pool') return [block('average_pool_gradient', values)];
        return [block('max_pool_gradient', { choice: choices?.get(layer.name) as Tensor, ...values })];
      }
      case 'resize':
        return [block('resize_gradient', { dy, dx })];
      case 'global-average-pool':
        return [block('global_average_pool_gradient', { dy, dx })];
      case 'dropout':
      case 'quantize':
      case 'flatten':
        return copySteps(dy, dx);
    }
  };

  const merge = (layer: MergeLayer, dy: Tensor): Step[] => {
    let first = 0;
    return layer.inputs.flatMap((name) => {
      const { channels } = between.get(name).output;
      const share = layer.kind === 'add' ? dy : gradients.channels(dy, first, channels);
      first += channels;
      return pass.wanted(name) ? copySteps(share, shareOf(name)) : [];
    });
  };

  const seeds = new Map(Array.from(targets, (name) => [name, shareOf(name)]));
  const steps = between.layers.toReversed().flatMap((described): Step[] => {
    const { layer } = described;
    if (!pass.wanted(layer.name)) return [];
    const dy = gradients.tensor(layer.name);
    const sum = addSteps(shares.get(layer.name) ?? [dy], dy);
    if ('inputs' in layer) return [...sum, ...masked(layer, dy), ...merge(layer, dy)];
    if (!('input' in layer) || !pass.wanted(layer.input)) return sum;
    return [...sum, ...toInput(layer, described.inputs[0], dy)];
  });
  return { prepare: [...prepare, ...transposed.steps], steps, seeds };
}
