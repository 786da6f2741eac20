import type {
  BatchNormalizationLayer,
  Conv2dLayer,
  CropLayer,
  DenseLayer,
  DepthwiseConv2dLayer,
  DropoutLayer,
  LayerSpec,
  MergeLayer,
  NetworkSpec,
  PoolLayer,
  Size,
} from '../../src/network/spec.ts';

/** Short ways to write layers down. A layer without an `input` reads the one before it; see `network`. */
type Options<Layer> = Partial<Omit<Layer, 'kind'>>;
type Draft = (name: string, before: string) => LayerSpec;

const square = (side: number | Size): Size => (typeof side === 'number' ? [side, side] : side);

export const crop =
  (width: number, height: number, options: Options<CropLayer> = {}): Draft =>
  (name) => ({ kind: 'crop', name, x: 0, y: 0, width, height, mirror: false, ...options });

export const conv2d =
  (filters: number, side: number | Size, options: Options<Conv2dLayer> = {}): Draft =>
  (name, input) => {
    const rest = { stride: 1, padding: 'same', bias: true, ...options } as const;
    return { kind: 'conv2d', name, input, filters, kernel: square(side), ...rest };
  };

export const depthwise =
  (side: number | Size, options: Options<DepthwiseConv2dLayer> = {}): Draft =>
  (name, input) => {
    const rest = { stride: 1, padding: 'same', bias: true, ...options } as const;
    return { kind: 'depthwise-conv2d', name, input, kernel: square(side), ...rest };
  };

export const dense =
  (units: number, options: Options<DenseLayer> = {}): Draft =>
  (name, input) => ({ kind: 'dense', name, input, units, bias: true, ...options });

export const pool =
  (kind: PoolLayer['kind'], side: number | Size, options: Options<PoolLayer> = {}): Draft =>
  (name, input) => {
    const rest = { stride: 2, padding: 'same', ...options } as const;
    return { kind, name, input, size: square(side), ...rest };
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

export const resize =
  (width: number, height: number, options: { input?: string } = {}): Draft =>
  (name, input) => ({ kind: 'resize', name, input, height, width, ...options });

export const merge =
  (kind: MergeLayer['kind'], ...inputs: string[]): Draft =>
  (name) => ({ kind, name, inputs });

export const simple =
  (kind: 'relu' | 'flatten' | 'global-average-pool', options: { input?: string } = {}): Draft =>
  (name, input) => ({ kind, name, input, ...options });

export const relu = (input?: string) => simple('relu', input === undefined ? {} : { input });
export const flatten = (input?: string) => simple('flatten', input === undefined ? {} : { input });
export const globalPool = (input?: string) =>
  simple('global-average-pool', input === undefined ? {} : { input });

/** A network of named layers, in order. */
export function network(
  frameSize: number,
  classes: number,
  drafts: Readonly<Record<string, Draft>>,
): NetworkSpec {
  const names = Object.keys(drafts);
  const layers = names.map((name, i) => drafts[name](name, names[i - 1] ?? ''));
  return { name: 'test', frameSize, classes, layers };
}

/** Layers behind a crop of the whole 10×9 picture and before a flatten and a dense layer for 3 classes. */
export function around(drafts: Readonly<Record<string, Draft>>): NetworkSpec {
  return network(12, 3, { face: crop(10, 9, { x: 1, y: 2 }), ...drafts, flat: flatten(), logits: dense(3) });
}
