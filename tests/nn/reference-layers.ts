// The layers in plain loops and double precision, forward and backward, with nothing shared with the engine.
import type { LayerSpec, Padding, PoolLayer, Size } from '../../src/network/spec.ts';
import { LANES } from '../../src/nn/layout.ts';

/** Values of all samples of a batch, [samples][channels][height][width]. */
export interface Volume {
  readonly samples: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
}

/** The output of a layer, and the way from its gradient to the gradients of the inputs. */
export interface Applied {
  readonly output: Volume;
  readonly pullback: (gradient: Float64Array) => Float64Array[];
}

/** The state that layers read and write besides their inputs. */
export interface Context {
  readonly dropoutSeed: number;
  /** A layer's array by role, shared ones resolved. */
  parameter(layer: LayerSpec, role: string): Float64Array;
  /** The sum of an array's gradients, to add to. */
  gradient(layer: LayerSpec, role: string): Float64Array;
  /** Notes the distance of a value from a jump of a derivative or an enlarged rounding. */
  near(distance: number): void;
}

export function volume(shape: Omit<Volume, 'values'>, values?: Float64Array): Volume {
  const size = shape.samples * shape.channels * shape.height * shape.width;
  return { ...shape, values: values ?? new Float64Array(size) };
}

interface Window {
  readonly stride: number;
  readonly padding: Padding;
}

/** Calls `visit` for each pair of an output position and an input position under its window. */
function eachTap(
  [height, width]: Size,
  { stride, padding }: Window,
  input: Volume,
  output: Pick<Volume, 'height' | 'width'>,
  visit: (oy: number, ox: number, iy: number, ix: number, tap: number) => void,
): void {
  const before = (side: number, positions: number, window: number) =>
    padding === 'valid' ? 0 : Math.floor(Math.max((positions - 1) * stride + window - side, 0) / 2);
  const top = before(input.height, output.height, height);
  const left = before(input.width, output.width, width);
  for (let oy = 0; oy < output.height; oy++) {
    for (let ox = 0; ox < output.width; ox++) {
      for (let ky = 0; ky < height; ky++) {
        for (let kx = 0; kx < width; kx++) {
          const iy = oy * stride + ky - top;
          const ix = ox * stride + kx - left;
          const inside = iy >= 0 && iy < input.height && ix >= 0 && ix < input.width;
          if (inside) visit(oy, ox, iy, ix, ky * width + kx);
        }
      }
    }
  }
}

function windowed(input: Volume, channels: number, [height, width]: Size, { stride, padding }: Window) {
  const positions = (side: number, window: number) =>
    padding === 'same' ? Math.ceil(side / stride) : Math.floor((side - window) / stride) + 1;
  const shape = { height: positions(input.height, height), width: positions(input.width, width) };
  return volume({ samples: input.samples, channels, ...shape });
}

/** Index of a value in a volume. */
export const at = (v: Volume, n: number, c: number, y = 0, x = 0) =>
  ((n * v.channels + c) * v.height + y) * v.width + x;

/** A sum of products. @param eachProduct calls `visit` with the indices of output, input and weight */
function linear(
  context: Context,
  layer: LayerSpec & { bias: boolean },
  input: Volume,
  output: Volume,
  eachProduct: (visit: (out: number, into: number, weight: number) => void) => void,
): Applied {
  const weights = context.parameter(layer, 'weights');
  const positions = output.height * output.width;
  const unit = (index: number) => Math.floor(index / positions) % output.channels;
  if (layer.bias) {
    const bias = context.parameter(layer, 'bias');
    for (let i = 0; i < output.values.length; i++) output.values[i] = bias[unit(i)];
  }
  eachProduct((out, into, weight) => {
    output.values[out] += input.values[into] * weights[weight];
  });
  const pullback = (gradient: Float64Array) => {
    const result = new Float64Array(input.values.length);
    const weightGradient = context.gradient(layer, 'weights');
    eachProduct((out, into, weight) => {
      result[into] += gradient[out] * weights[weight];
      weightGradient[weight] += gradient[out] * input.values[into];
    });
    if (layer.bias) {
      const biasGradient = context.gradient(layer, 'bias');
      for (let i = 0; i < gradient.length; i++) biasGradient[unit(i)] += gradient[i];
    }
    return [result];
  };
  return { output, pullback };
}

export function conv2d(context: Context, layer: LayerSpec & { kind: 'conv2d' }, input: Volume): Applied {
  const output = windowed(input, layer.filters, layer.kernel, layer);
  const taps = layer.kernel[0] * layer.kernel[1];
  return linear(context, layer, input, output, (visit) => {
    for (let n = 0; n < input.samples; n++)
      for (let co = 0; co < layer.filters; co++)
        for (let ci = 0; ci < input.channels; ci++)
          eachTap(layer.kernel, layer, input, output, (oy, ox, iy, ix, tap) =>
            visit(
              at(output, n, co, oy, ox),
              at(input, n, ci, iy, ix),
              (co * input.channels + ci) * taps + tap,
            ),
          );
  });
}

export function depthwiseConv2d(
  context: Context,
  layer: LayerSpec & { kind: 'depthwise-conv2d' },
  input: Volume,
): Applied {
  const output = windowed(input, input.channels, layer.kernel, layer);
  const taps = layer.kernel[0] * layer.kernel[1];
  return linear(context, layer, input, output, (visit) => {
    for (let n = 0; n < input.samples; n++)
      for (let c = 0; c < input.channels; c++)
        eachTap(layer.kernel, layer, input, output, (oy, ox, iy, ix, tap) =>
          visit(at(output, n, c, oy, ox), at(input, n, c, iy, ix), c * taps + tap),
        );
  });
}

export function dense(context: Context, layer: LayerSpec & { kind: 'dense' }, input: Volume): Applied {
  const output = volume({ samples: input.samples, channels: layer.units, height: 1, width: 1 });
  return linear(context, layer, input, output, (visit) => {
    for (let n = 0; n < input.samples; n++)
      for (let unit = 0; unit < layer.units; unit++)
        for (let i = 0; i < input.channels; i++)
          visit(at(output, n, unit), at(input, n, i), i * layer.units + unit);
  });
}

export function relu(context: Context, input: Volume): Applied {
  for (const value of input.values) if (value !== 0) context.near(Math.abs(value));
  const output = volume(
    input,
    input.values.map((value) => Math.max(value, 0)),
  );
  return { output, pullback: (gradient) => [gradient.map((g, i) => (input.values[i] > 0 ? g : 0))] };
}

export function maxPool(context: Context, layer: PoolLayer, input: Volume): Applied {
  const output = windowed(input, input.channels, layer.size, layer);
  output.values.fill(Number.NEGATIVE_INFINITY);
  const winner = new Int32Array(output.values.length);
  const each = (visit: (out: number, into: number) => void) => {
    for (let n = 0; n < input.samples; n++)
      for (let c = 0; c < input.channels; c++)
        eachTap(layer.size, layer, input, output, (oy, ox, iy, ix) =>
          visit(at(output, n, c, oy, ox), at(input, n, c, iy, ix)),
        );
  };
  each((out, into) => {
    if (input.values[into] <= output.values[out]) return; // the first of equal ones stays
    output.values[out] = input.values[into];
    winner[out] = into;
  });
  each((out, into) => {
    const gap = output.values[out] - input.values[into];
    if (gap > 0) context.near(gap);
  });
  const pullback = (gradient: Float64Array) => {
    const result = new Float64Array(input.values.length);
    for (let out = 0; out < gradient.length; out++) result[winner[out]] += gradient[out];
    return [result];
  };
  return { output, pullback };
}

export function averagePool(layer: PoolLayer, input: Volume): Applied {
  return average(input, windowed(input, input.channels, layer.size, layer), layer.size, layer);
}

/** Each output is the mean of the four inputs around it, weighted by nearness. */
/** The straight-through estimator: its gradient passes unchanged. */
export function quantize({ scale, zero }: LayerSpec & { kind: 'quantize' }, input: Volume): Applied {
  const output = volume(input);
  const step = Math.fround(scale);
  input.values.forEach((value, i) => {
    const steps = Math.fround(Math.fround(value) / step);
    const limited = Math.min(Math.max(steps, -128 - zero), 127 - zero);
    const below = Math.floor(limited);
    const up = limited - below > 0.5 || (limited - below === 0.5 && below % 2 !== 0);
    output.values[i] = Math.fround((up ? below + 1 : below) * step);
  });
  return { output, pullback: (gradient) => [gradient] };
}

export function resize(layer: LayerSpec & { kind: 'resize' }, input: Volume): Applied {
  const { samples, channels } = input;
  const output = volume({ samples, channels, height: layer.height, width: layer.width });
  const axis = (position: number, out: number, into: number) => {
    const coordinate = Math.min(Math.max(((position + 0.5) * into) / out - 0.5, 0), into - 1);
    const first = Math.floor(coordinate);
    return [
      [first, 1 - (coordinate - first)],
      [Math.min(first + 1, into - 1), coordinate - first],
    ];
  };
  const visitAll = (visit: (out: number, into: number, share: number) => void) => {
    for (let n = 0; n < samples; n++)
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < output.height; y++)
          for (let x = 0; x < output.width; x++)
            for (const [iy, down] of axis(y, output.height, input.height))
              for (const [ix, right] of axis(x, output.width, input.width))
                visit(at(output, n, c, y, x), at(input, n, c, iy, ix), down * right);
  };
  visitAll((out, into, share) => {
    output.values[out] += input.values[into] * share;
  });
  const pullback = (gradient: Float64Array) => {
    const result = new Float64Array(input.values.length);
    visitAll((out, into, share) => {
      result[into] += gradient[out] * share;
    });
    return [result];
  };
  return { output, pullback };
}

export function globalAveragePool(input: Volume): Applied {
  const window = { stride: 1, padding: 'valid' } as const;
  const output = volume({ ...input, height: 1, width: 1 });
  return average(input, output, [input.height, input.width], window);
}

function average(input: Volume, output: Volume, size: Size, window: Window): Applied {
  const counts = new Float64Array(output.values.length);
  const each = (visit: (out: number, into: number) => void) => {
    for (let n = 0; n < input.samples; n++)
      for (let c = 0; c < input.channels; c++)
        eachTap(size, window, input, output, (oy, ox, iy, ix) =>
          visit(at(output, n, c, oy, ox), at(input, n, c, iy, ix)),
        );
  };
  each((out, into) => {
    output.values[out] += input.values[into];
    counts[out]++;
  });
  output.values.forEach((sum, out) => {
    output.values[out] = sum / counts[out];
  });
  const pullback = (gradient: Float64Array) => {
    const result = new Float64Array(input.values.length);
    each((out, into) => {
      result[into] += gradient[out] / counts[out];
    });
    return [result];
  };
  return { output, pullback };
}

/** Inverted dropout by a hash of seed, layer, block, position and lane. */
export function dropout(context: Context, rate: number, index: number, input: Volume): Applied {
  const positions = input.channels * input.height * input.width;
  const factors = input.values.map((_, i) => {
    const sample = Math.floor(i / positions);
    const block = Math.floor(sample / LANES);
    const key = mix(context.dropoutSeed ^ (Math.imul(index, 0x9e3779b9) + Math.imul(block, 0x7f4a7c15)));
    const kept = mix(((i % positions) * LANES + (sample % LANES)) ^ key) >= Math.floor(rate * 2 ** 32);
    return kept ? 1 / (1 - rate) : 0;
  });
  const output = volume(
    input,
    input.values.map((value, i) => value * factors[i]),
  );
  return { output, pullback: (gradient) => [gradient.map((g, i) => g * factors[i])] };
}

function mix(number: number): number {
  let x = number >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}

export function add(inputs: readonly Volume[]): Applied {
  const output = volume(inputs[0]);
  for (const input of inputs)
    input.values.forEach((value, i) => {
      output.values[i] += value;
    });
  return { output, pullback: (gradient) => inputs.map(() => gradient) };
}

export function concatenate(inputs: readonly Volume[]): Applied {
  const channels = inputs.reduce((sum, input) => sum + input.channels, 0);
  const output = volume({ ...inputs[0], channels });
  const sizes = inputs.map((input) => input.channels * input.height * input.width);
  const total = sizes.reduce((a, b) => a + b, 0);
  const starts = sizes.map((_, k) => sizes.slice(0, k).reduce((a, b) => a + b, 0));
  const indexOf = (k: number, i: number) => Math.floor(i / sizes[k]) * total + starts[k] + (i % sizes[k]);
  inputs.forEach((input, k) => {
    input.values.forEach((value, i) => {
      output.values[indexOf(k, i)] = value;
    });
  });
  const pullback = (gradient: Float64Array) =>
    inputs.map((input, k) => input.values.map((_, i) => gradient[indexOf(k, i)]));
  return { output, pullback };
}

export function flatten(input: Volume): Applied {
  const channels = input.channels * input.height * input.width;
  const output = volume({ samples: input.samples, channels, height: 1, width: 1 }, input.values);
  return { output, pullback: (gradient) => [gradient] };
}
