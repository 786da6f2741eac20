import type {
  BatchNormalizationLayer,
  Conv2dLayer,
  CropLayer,
  DenseLayer,
  DepthwiseConv2dLayer,
  DropoutLayer,
  LayerSpec,
  NetworkSpec,
  PoolLayer,
  Size,
} from './spec.ts';

// A notation for networks in code: layers by name, in order, each a function of its settings.

/** A layer that still lacks its name and the layer before it, which it reads unless its options name an `input`. */
export type Draft = (name: string, before: string) => LayerSpec;
/** Layers by name, in order. */
export type Drafts = Readonly<Record<string, Draft>>;
type Options<Layer> = Partial<Omit<Layer, 'kind' | 'name'>>;

const squareOf = (side: number | Size): Size => (typeof side === 'number' ? [side, side] : side);

export const crop =
  (width: number, height: number, options: Options<CropLayer> = {}): Draft =>
  (name) => ({ kind: 'crop', name, x: 0, y: 0, width, height, mirror: false, ...options });

/** Stride 1, padding 'same' and a bias unless the options say otherwise. */
export const conv2d =
  (filters: number, side: number | Size, options: Options<Conv2dLayer> = {}): Draft =>
  (name, input) => {
    const rest = { stride: 1, padding: 'same', bias: true, ...options } as const;
    return { kind: 'conv2d', name, input, filters, kernel: squareOf(side), ...rest };
  };

/** Like `conv2d`, with one filter for each channel. */
export const depthwise =
  (side: number | Size, options: Options<DepthwiseConv2dLayer> = {}): Draft =>
  (name, input) => {
    const rest = { stride: 1, padding: 'same', bias: true, ...options } as const;
    return { kind: 'depthwise-conv2d', name, input, kernel: squareOf(side), ...rest };
  };

export const dense =
  (units: number, options: Options<DenseLayer> = {}): Draft =>
  (name, input) => ({ kind: 'dense', name, input, units, bias: true, ...options });

/** Stride 2 and padding 'same' unless the options say otherwise. */
export const pool =
  (kind: PoolLayer['kind'], side: number | Size, options: Options<PoolLayer> = {}): Draft =>
  (name, input) => {
    const rest = { stride: 2, padding: 'same', ...options } as const;
    return { kind, name, input, size: squareOf(side), ...rest };
  };

export const normalization =
  (
    statistics: BatchNormalizationLayer['statistics'],
    options: Options<BatchNormalizationLayer> = {},
  ): Draft =>
  (name, input) => ({ kind: 'batch-normalization', name, input, statistics, ...options });

export const dropout =
  (rate: number, options: Options<DropoutLayer> = {}): Draft =>
  (name, input) => ({ kind: 'dropout', name, input, rate, ...options });

export const quantize =
  (scale: number, zero: number, options: { input?: string } = {}): Draft =>
  (name, input) => ({ kind: 'quantize', name, input, scale, zero, ...options });

export const resize =
  (width: number, height: number, options: { input?: string } = {}): Draft =>
  (name, input) => ({ kind: 'resize', name, input, height, width, ...options });

export const add =
  (...inputs: readonly string[]): Draft =>
  (name) => ({ kind: 'add', name, inputs });

export const concatenate =
  (...inputs: readonly string[]): Draft =>
  (name) => ({ kind: 'concatenate', name, inputs });

const simple =
  (kind: 'relu' | 'flatten' | 'global-average-pool') =>
  (input?: string): Draft =>
  (name, before) => ({ kind, name, input: input ?? before });

export const relu = simple('relu');
export const flatten = simple('flatten');
export const globalPool = simple('global-average-pool');

/** Joins the layers of several blocks, one after another; blocks count from 1. */
export function blocks<Item>(
  items: readonly Item[],
  layersOf: (item: Item, block: number) => Drafts,
): Drafts {
  return Object.assign({}, ...items.map((item, i) => layersOf(item, i + 1)));
}

/** Makes a network of named layers, in order; the last one gives the logits. */
export function writeNetwork(name: string, frameSize: number, classes: number, drafts: Drafts): NetworkSpec {
  const names = Object.keys(drafts);
  const layers = names.map((layer, i) => drafts[layer](layer, names[i - 1] ?? ''));
  return { name, frameSize, classes, layers };
}
