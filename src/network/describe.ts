import { EvopatchError } from '../core/errors.ts';
import type { LayerSpec, NetworkSpec, Padding, Size } from './spec.ts';

/** Output of a layer for one sample: channels, height, width. */
export interface Shape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Counts the numbers of a shape. */
export function sizeOf({ channels, height, width }: Shape): number {
  return channels * height * width;
}

/** A layer with its shapes and costs, which follow from the spec alone. */
export interface LayerDescription {
  readonly layer: LayerSpec;
  /** Shapes of the layers that it reads, in order. */
  readonly inputs: readonly Shape[];
  readonly output: Shape;
  /** Trainable numbers that this layer adds; 0 if it shares another layer's. */
  readonly parameters: number;
  /** Multiply-accumulates for one sample, forward. Only convolutions and dense layers are counted. */
  readonly macs: number;
}

/**
 * Checks a network spec and describes each layer.
 *
 * @throws EvopatchError `INVALID_NETWORK` that names the first layer at fault.
 */
export function describeNetwork(spec: NetworkSpec): readonly LayerDescription[] {
  const described = describeLayers(spec);
  const last = described.at(-1);
  if (last === undefined) throw new EvopatchError('INVALID_NETWORK', `network '${spec.name}' has no layers`);
  if (last.output.channels !== spec.classes || last.output.height !== 1 || last.output.width !== 1) {
    failure(last.layer)(
      `the last layer must give one logit for each of ${spec.classes} classes`,
      last.output,
    );
  }
  return described;
}

/** As `describeNetwork`, for the first layers of a network: the last one need not give logits. */
export function describeLayers(spec: Omit<NetworkSpec, 'classes'>): readonly LayerDescription[] {
  const described = new Map<string, LayerDescription>();
  for (const layer of spec.layers) {
    const fail = failure(layer);
    if (described.has(layer.name)) fail('there is an earlier layer of this name');
    const inputs = inputNames(layer).map(
      (name) => described.get(name)?.output ?? fail(`reads '${name}', which is not an earlier layer`),
    );
    const output = outputShape(layer, inputs, spec, fail);
    const own = ownParameters(layer, inputs);
    const shares = 'shares' in layer ? layer.shares : undefined;
    if (shares !== undefined) checkSharing(layer, shares, inputs, described, fail);
    const parameters = shares === undefined ? own : 0;
    described.set(layer.name, { layer, inputs, output, parameters, macs: macs(layer, inputs, output) });
  }
  return [...described.values()];
}

/** The costs of a network, which follow from its spec. */
export interface NetworkCost {
  /** Trainable parameters: weights, biases, scales and shifts; running statistics are not counted. */
  readonly parameters: number;
  /** Multiply-accumulates of one sample's forward pass, counted in convolutions and dense layers. */
  readonly macs: number;
}

/** Counts the parameters and multiply-accumulates of a network. */
export function networkCost(spec: NetworkSpec): NetworkCost {
  let parameters = 0;
  let macs = 0;
  for (const layer of describeNetwork(spec)) {
    parameters += layer.parameters;
    macs += layer.macs;
  }
  return { parameters, macs };
}

/** See `NetworkCost`. */
export function parameterCount(spec: NetworkSpec): number {
  return networkCost(spec).parameters;
}

/** See `NetworkCost`. */
export function macCount(spec: NetworkSpec): number {
  return networkCost(spec).macs;
}

/** Counts the running means and variances of batch normalisation, which Keras adds to the parameters. */
export function runningStatisticsCount(spec: NetworkSpec): number {
  return describeNetwork(spec).reduce((sum, { layer, output }) => {
    const owns = layer.kind === 'batch-normalization' && layer.shares === undefined;
    return sum + (owns ? 2 * output.channels : 0);
  }, 0);
}

/** Lists the names of the layers that a layer reads, in order; a crop reads none. */
export function inputNames(layer: LayerSpec): readonly string[] {
  if (layer.kind === 'crop') return [];
  return 'inputs' in layer ? layer.inputs : [layer.input];
}

/** Returns the same layer with other names of the layers that it reads. */
export function withInputs<Layer extends LayerSpec>(layer: Layer, rename: (name: string) => string): Layer {
  if ('inputs' in layer) return { ...layer, inputs: layer.inputs.map(rename) };
  return 'input' in layer ? { ...layer, input: rename(layer.input) } : layer;
}

/** Counts the positions and leading zeros of a window along one axis ('same' as in TensorFlow: the odd zero goes last). */
export function windowPositions(input: number, window: number, stride: number, padding: Padding) {
  if (padding === 'valid') return { positions: Math.floor((input - window) / stride) + 1, before: 0 };
  const positions = Math.ceil(input / stride);
  const zeros = Math.max((positions - 1) * stride + window - input, 0);
  return { positions, before: Math.floor(zeros / 2) };
}

type Fail = (problem: string, given?: unknown) => never;

function failure(layer: LayerSpec): Fail {
  return (problem, given) => {
    throw new EvopatchError('INVALID_NETWORK', problem, { layer: layer.name, given });
  };
}

function outputShape(
  layer: LayerSpec,
  inputs: readonly Shape[],
  spec: Pick<NetworkSpec, 'frameSize'>,
  fail: Fail,
): Shape {
  const [input] = inputs;
  switch (layer.kind) {
    case 'crop': {
      const { x, y, width, height } = layer;
      if (![x, y].every((side) => Number.isInteger(side) && side >= 0))
        fail('x and y must be whole numbers from 0', { x, y });
      requirePositive(width, 'width', fail);
      requirePositive(height, 'height', fail);
      if (x + width > spec.frameSize || y + height > spec.frameSize) {
        fail(`the crop leaves the frame of ${spec.frameSize}×${spec.frameSize} pixels`, {
          x,
          y,
          width,
          height,
        });
      }
      return { channels: 1, height, width };
    }
    case 'resize':
      requirePositive(layer.height, 'height', fail);
      requirePositive(layer.width, 'width', fail);
      return { channels: input.channels, height: layer.height, width: layer.width };
    case 'conv2d':
      requirePositive(layer.filters, 'filters', fail);
      if (layer.l2 !== undefined && !(layer.l2 >= 0 && layer.l2 < Number.POSITIVE_INFINITY))
        fail('l2 must be a number from 0', layer.l2);
      return windowed(layer.filters, input, layer.kernel, layer, fail);
    case 'depthwise-conv2d':
      return windowed(input.channels, input, layer.kernel, layer, fail);
    case 'max-pool':
    case 'average-pool':
      return windowed(input.channels, input, layer.size, layer, fail);
    case 'dense':
      requirePositive(layer.units, 'units', fail);
      if (input.height !== 1 || input.width !== 1)
        fail('a dense layer reads a flat input; put a flatten before it', input);
      return { channels: layer.units, height: 1, width: 1 };
    case 'global-average-pool':
      return { channels: input.channels, height: 1, width: 1 };
    case 'flatten':
      return { channels: sizeOf(input), height: 1, width: 1 };
    case 'dropout':
      if (!(layer.rate >= 0 && layer.rate < 1)) fail('the rate must be at least 0 and below 1', layer.rate);
      return input;
    case 'quantize':
      if (!(layer.scale > 0 && layer.scale < Number.POSITIVE_INFINITY))
        fail('the scale must be a number above 0', layer.scale);
      if (!(Number.isInteger(layer.zero) && layer.zero >= -128 && layer.zero <= 127))
        fail('the zero must be a whole number from -128 to 127', layer.zero);
      return input;
    case 'relu':
    case 'batch-normalization':
      return input;
    case 'add':
    case 'concatenate':
      return merged(layer.kind, inputs, fail);
  }
}

function windowed(
  channels: number,
  input: Shape,
  size: Size,
  window: { stride: number; padding: Padding },
  fail: Fail,
): Shape {
  for (const side of size) requirePositive(side, 'window side', fail);
  requirePositive(window.stride, 'stride', fail);
  const height = windowPositions(input.height, size[0], window.stride, window.padding).positions;
  const width = windowPositions(input.width, size[1], window.stride, window.padding).positions;
  if (height < 1 || width < 1) fail(`the window ${size[0]}×${size[1]} is larger than its input`, input);
  return { channels, height, width };
}

function merged(kind: 'add' | 'concatenate', inputs: readonly Shape[], fail: Fail): Shape {
  if (inputs.length === 0) fail('needs at least one input');
  const [first] = inputs;
  const fits = (other: Shape) =>
    other.height === first.height &&
    other.width === first.width &&
    (kind === 'concatenate' || other.channels === first.channels);
  if (!inputs.every(fits)) fail('its inputs differ in shape', inputs);
  const channels = kind === 'add' ? first.channels : inputs.reduce((sum, input) => sum + input.channels, 0);
  return { ...first, channels };
}

function ownParameters(layer: LayerSpec, [input]: readonly Shape[]): number {
  switch (layer.kind) {
    case 'conv2d': {
      const weights = layer.filters * input.channels * layer.kernel[0] * layer.kernel[1];
      return weights + (layer.bias ? layer.filters : 0);
    }
    case 'depthwise-conv2d':
      return input.channels * (layer.kernel[0] * layer.kernel[1] + (layer.bias ? 1 : 0));
    case 'dense':
      return layer.units * (input.channels + (layer.bias ? 1 : 0));
    case 'batch-normalization':
      return 2 * input.channels;
    default:
      return 0;
  }
}

function macs(layer: LayerSpec, [input]: readonly Shape[], output: Shape): number {
  const positions = sizeOf(output);
  switch (layer.kind) {
    case 'conv2d':
      return positions * input.channels * layer.kernel[0] * layer.kernel[1];
    case 'depthwise-conv2d':
      return positions * layer.kernel[0] * layer.kernel[1];
    case 'dense':
      return positions * input.channels;
    default:
      return 0;
  }
}

function checkSharing(
  layer: LayerSpec,
  shares: string,
  [input]: readonly Shape[],
  described: ReadonlyMap<string, LayerDescription>,
  fail: Fail,
): void {
  const owner = described.get(shares) ?? fail(`shares '${shares}', which is not an earlier layer`);
  if ('shares' in owner.layer && owner.layer.shares !== undefined)
    fail(`shares '${shares}', which itself shares another layer's weights`);
  if (input.channels !== owner.inputs[0]?.channels || !areAlike(layer, owner.layer)) {
    fail(`shares '${shares}', which has another shape`);
  }
}

/** Whether two layers differ only in their names, their inputs and the layers whose weights they share. */
function areAlike(a: LayerSpec, b: LayerSpec): boolean {
  const formOf = (layer: object) => {
    return Object.entries(layer).filter(([key]) => key !== 'name' && key !== 'input' && key !== 'shares');
  };
  const other = new Map(formOf(b));
  const form = formOf(a);
  return form.length === other.size && form.every(([key, value]) => String(value) === String(other.get(key)));
}

function requirePositive(value: number, what: string, fail: Fail): void {
  if (!Number.isInteger(value) || value < 1) fail(`${what} must be a whole number from 1`, value);
}
