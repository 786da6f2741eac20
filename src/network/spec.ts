/**
 * A convolutional network as plain data, layer by layer. `layers` is in order of evaluation; a layer names the earlier
 * layers that it reads; the last one gives one logit per class.
 */
export interface NetworkSpec {
  readonly name: string;
  /** Side of the square grey frames that the crops read, pixels. */
  readonly frameSize: number;
  readonly classes: number;
  readonly layers: readonly LayerSpec[];
}

export type Padding = 'same' | 'valid';
/** Height, width. */
export type Size = readonly [number, number];

interface Named {
  /** Unique within the network. */
  readonly name: string;
}

interface Unary extends Named {
  /** Name of the layer that this one reads. */
  readonly input: string;
}

interface Window {
  readonly stride: number;
  /** 'same': ceil(input / stride) positions, zeros around, the odd one after. 'valid': whole windows only. */
  readonly padding: Padding;
}

interface Weighted {
  /** Name of an earlier layer of the same kind and shape whose parameters this one uses. */
  readonly shares?: string;
}

/** A rectangle of the frame. Gives [1][height][width]. */
export interface CropLayer extends Named {
  readonly kind: 'crop';
  /** Left column and top row. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether the columns are reversed, so that a right patch looks like a left one. */
  readonly mirror: boolean;
  /**
   * Scale of the grey levels 0 to 255: 'signed' −1 to 1, 'raw' unchanged. Left out, they are normalised by the mean and
   * deviation of the whole frame.
   */
  readonly levels?: 'signed' | 'raw';
}

/** Bilinear resampling to another size, pixel centres on pixel centres, the border repeated, without smoothing first. */
export interface ResizeLayer extends Unary {
  readonly kind: 'resize';
  readonly height: number;
  readonly width: number;
}

export interface Conv2dLayer extends Unary, Window, Weighted {
  readonly kind: 'conv2d';
  readonly filters: number;
  readonly kernel: Size;
  readonly bias: boolean;
  /** Training adds `l2` · Σ weights² to the loss that it minimises, not to the one that it reports. */
  readonly l2?: number;
}

/** One filter per channel; followed by a 1×1 `conv2d`, it is a separable convolution. */
export interface DepthwiseConv2dLayer extends Unary, Window, Weighted {
  readonly kind: 'depthwise-conv2d';
  readonly kernel: Size;
  readonly bias: boolean;
}

/** Reads a flat input ([features][1][1]). */
export interface DenseLayer extends Unary, Weighted {
  readonly kind: 'dense';
  readonly units: number;
  readonly bias: boolean;
}

export interface ReluLayer extends Unary {
  readonly kind: 'relu';
}

/** `average-pool` divides by the number of real positions under the window, without padding. */
export interface PoolLayer extends Unary, Window {
  readonly kind: 'max-pool' | 'average-pool';
  readonly size: Size;
}

export interface GlobalAveragePoolLayer extends Unary {
  readonly kind: 'global-average-pool';
}

/**
 * Batch normalisation (Ioffe & Szegedy 2015). 'batch' takes the statistics of the whole mini-batch; 'block' those of
 * each block of 16 samples (ghost batch normalisation, Hoffer et al. 2017, section 4).
 */
export interface BatchNormalizationLayer extends Unary, Weighted {
  readonly kind: 'batch-normalization';
  readonly statistics: 'batch' | 'block';
}

/** Inverted dropout (Srivastava et al. 2014): while training, zero with probability `rate`, else divide by 1 − rate. */
export interface DropoutLayer extends Unary {
  readonly kind: 'dropout';
  readonly rate: number;
}

/**
 * Rounds to 8 bits, as integers compute: scale · (q − zero) with q = round(x / scale) + zero, ties to even, limited to −128 to
 * 127. In training the gradient passes unchanged (straight-through estimator, Bengio et al. 2013, section 4).
 */
export interface QuantizeLayer extends Unary {
  readonly kind: 'quantize';
  /** The step from one number to the next; above 0. */
  readonly scale: number;
  /** The integer that stands for 0, from −128 to 127. */
  readonly zero: number;
}

/** `add`: inputs of one shape, summed. `concatenate`: inputs of one height and width, channels joined. */
export interface MergeLayer extends Named {
  readonly kind: 'add' | 'concatenate';
  readonly inputs: readonly string[];
}

/** [channels][height][width] to [channels · height · width][1][1]. */
export interface FlattenLayer extends Unary {
  readonly kind: 'flatten';
}

export type LayerSpec =
  | CropLayer
  | ResizeLayer
  | Conv2dLayer
  | DepthwiseConv2dLayer
  | DenseLayer
  | ReluLayer
  | PoolLayer
  | GlobalAveragePoolLayer
  | BatchNormalizationLayer
  | DropoutLayer
  | QuantizeLayer
  | MergeLayer
  | FlattenLayer;
