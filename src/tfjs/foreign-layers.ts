import { LEVELS } from '../nn/forward-steps.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import type { LayerChain } from './layer-chain.ts';
import type { LayerSettings } from './layer-settings.ts';
import { fromTfjs } from './weight-layout.ts';

/** Adds what a layer of others does to a chain. */
type LayerReader = (chain: LayerChain, settings: LayerSettings) => void;

/** Ours, as in kernels/normalization.c; the default of TensorFlow.js is 1e-3. */
const EPSILON = 1e-5;
/** As if the running statistics had been learnt: further training then does not forget them at once. */
const UPDATES = 1000;

/** The layers that can be imported, by their class. */
export const LAYER_READERS: Readonly<Record<string, LayerReader>> = {
  Conv2D: (chain, settings) => {
    const [kernel, filters] = [settings.size('kernel_size'), settings.count('filters')];
    const window = settings.window();
    const weights = chain.require(settings, 'kernel', [...kernel, chain.shape.channels, filters]);
    const bias = biasOf(chain, settings, filters);
    const { name } = settings.layer;
    chain.add(
      { kind: 'conv2d', name, filters, kernel, bias: bias !== undefined, ...window },
      { weights: fromTfjs('conv2d', weights), ...(bias && { bias }) },
    );
    activate(chain, settings);
  },
  DepthwiseConv2D: (chain, settings) => {
    const bias = biasOf(chain, settings, chain.shape.channels);
    addDepthwise(chain, settings, settings.layer.name, bias);
    activate(chain, settings);
  },
  SeparableConv2D: (chain, settings) => {
    const { name } = settings.layer;
    const filters = settings.count('filters');
    addDepthwise(chain, settings, `${name}.depthwise`);
    const weights = chain.require(settings, 'pointwise_kernel', [1, 1, chain.shape.channels, filters]);
    const bias = biasOf(chain, settings, filters);
    const window = { stride: 1, padding: 'valid', kernel: [1, 1] } as const;
    chain.add(
      { kind: 'conv2d', name, filters, bias: bias !== undefined, ...window },
      { weights: fromTfjs('conv2d', weights), ...(bias && { bias }) },
    );
    activate(chain, settings);
  },
  Dense: (chain, settings) => {
    const units = settings.count('units');
    const { channels, height, width } = chain.shape;
    if (height * width > 1) settings.fail('a dense layer must read a flat input', [height, width, channels]);
    const weights = chain.ordered(chain.require(settings, 'kernel', [channels, units]));
    const bias = biasOf(chain, settings, units);
    const { name } = settings.layer;
    chain.add({ kind: 'dense', name, units, bias: bias !== undefined }, { weights, ...(bias && { bias }) });
    chain.mix();
    activate(chain, settings);
  },
  BatchNormalization: (chain, settings) => {
    const { channels, height, width } = chain.shape;
    const [axis] = [settings.get('axis', -1)].flat();
    if (axis !== -1 && axis !== 3 && (axis !== 1 || height * width > 1)) {
      settings.fail('the axis must be that of the channels', axis);
    }
    const constant = (value: number): NamedTensor => {
      return { shape: [channels], values: new Float32Array(channels).fill(value) };
    };
    const learnt = (role: string) => chain.ordered(chain.require(settings, role, [channels]));
    const variance = learnt('moving_variance');
    const more = settings.number('epsilon', 1e-3) - EPSILON;
    chain.add(
      { kind: 'batch-normalization', name: settings.layer.name, statistics: 'batch' },
      {
        gamma: settings.flag('scale') ? learnt('gamma') : constant(1),
        beta: settings.flag('center') ? learnt('beta') : constant(0),
        mean: learnt('moving_mean'),
        variance: { ...variance, values: variance.values.map((value) => Math.max(0, value + more)) },
        updates: { shape: [1], values: Float32Array.of(UPDATES) },
      },
    );
  },
  ReLU: (chain, settings) => {
    settings.only('max_value', Number.POSITIVE_INFINITY);
    for (const key of ['negative_slope', 'threshold']) settings.only(key, 0);
    chain.add({ kind: 'relu', name: settings.layer.name });
  },
  Activation: (chain, settings) => activate(chain, settings, settings.layer.name),
  Softmax: (chain, settings) => {
    settings.only('axis', -1, 1);
    chain.end();
  },
  MaxPooling2D: (chain, settings) => addPool('max-pool', chain, settings),
  AveragePooling2D: (chain, settings) => addPool('average-pool', chain, settings),
  GlobalAveragePooling2D: (chain, settings) => {
    settings.only('data_format', 'channels_last', 'channelsLast');
    chain.add({ kind: 'global-average-pool', name: settings.layer.name });
  },
  Flatten: (chain, settings) => {
    settings.only('data_format', 'channels_last', 'channelsLast');
    chain.flatten(settings.layer.name);
  },
  Dropout: (chain, settings) => {
    chain.add({ kind: 'dropout', name: settings.layer.name, rate: settings.number('rate') });
  },
  Rescaling: (chain, settings) => {
    const [scale, offset] = [settings.number('scale'), settings.number('offset', 0)];
    const face = chain.untouchedFace;
    const signed = LEVELS.signed;
    const isNear = (value: number, other: number) => Math.abs(value / other - 1) < 1e-6;
    if (face !== undefined && isNear(scale, signed.scale) && isNear(offset, -signed.zero * signed.scale)) {
      return chain.replaceFace({ ...face, levels: 'signed' });
    }
    // Any other scale is a filter of one weight and a bias for each channel.
    const { channels } = chain.shape;
    const window = { stride: 1, padding: 'valid', kernel: [1, 1] } as const;
    chain.add(
      { kind: 'depthwise-conv2d', name: settings.layer.name, bias: true, ...window },
      {
        weights: { shape: [channels, 1, 1], values: new Float32Array(channels).fill(scale) },
        bias: { shape: [channels], values: new Float32Array(channels).fill(offset) },
      },
    );
  },
};

function addDepthwise(chain: LayerChain, settings: LayerSettings, name: string, bias?: NamedTensor): void {
  const kernel = settings.size('kernel_size');
  const weights = chain.require(settings, 'depthwise_kernel', [...kernel, chain.shape.channels, 1]);
  chain.add(
    { kind: 'depthwise-conv2d', name, kernel, bias: bias !== undefined, ...settings.window() },
    { weights: fromTfjs('depthwise-conv2d', weights), ...(bias && { bias }) },
  );
}

function addPool(kind: 'max-pool' | 'average-pool', chain: LayerChain, settings: LayerSettings): void {
  const size = settings.size('pool_size', 2);
  chain.add({ kind, name: settings.layer.name, size, ...settings.window(size) });
}

function biasOf(chain: LayerChain, settings: LayerSettings, length: number): NamedTensor | undefined {
  return settings.flag('use_bias') ? chain.require(settings, 'bias', [length]) : undefined;
}

function activate(chain: LayerChain, settings: LayerSettings, name = `${settings.layer.name}.relu`): void {
  const activation = settings.get('activation', 'linear');
  if (activation === 'relu') chain.add({ kind: 'relu', name });
  else if (activation === 'softmax') chain.end();
  else if (activation !== 'linear') {
    settings.fail("the activation must be 'relu', 'linear' or 'softmax'", activation);
  }
}
