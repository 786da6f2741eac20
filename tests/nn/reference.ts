// A network in plain loops and double precision, against which the tests measure the engines.
import type { CropLayer, LayerSpec, NetworkSpec } from '../../src/network/spec.ts';
import type { Samples } from '../../src/nn/samples.ts';
import type { View, Weights } from '../../src/nn/session.ts';
import type { Applied, Context, Volume } from './reference-layers.ts';
import * as layers from './reference-layers.ts';
import { batchNormalization, runningNormalization } from './reference-normalization.ts';

/** A mini-batch with its targets. */
export interface Batch {
  readonly samples: Samples;
  readonly indices: Uint32Array;
  readonly views: readonly View[];
  /** Probabilities, [sample][class]. */
  readonly targets: Float32Array;
  readonly temperature: number;
  readonly dropoutSeed: number;
}

export interface Result {
  /** Mean cross-entropy. */
  readonly loss: number;
  /** The penalty on the size of weights, which the loss adds to the cross-entropy. */
  readonly penalty: number;
  /** By parameter name. */
  readonly gradients: ReadonlyMap<string, Float64Array>;
  /** Parameters with the updated running statistics. */
  readonly parameters: ReadonlyMap<string, Float64Array>;
  /** Minimum distance of a value from a kink (ReLU), a tie (max-pool) or no variance; closer, rounding may decide. */
  readonly margin: number;
}

/** Computes loss and gradients of a training step. */
export function referenceStep(
  spec: NetworkSpec,
  weights: ReadonlyMap<string, ArrayLike<number>>,
  batch: Batch,
): Result {
  const run = new Run(spec, weights, batch.dropoutSeed);
  const crops = (layer: CropLayer) => cropFrames(layer, batch.samples, batch.indices, batch.views);
  const { values: logits } = run.forward(crops, true);
  const { classes } = spec;
  const count = batch.indices.length;
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  for (let n = 0; n < count; n++) {
    const probabilities = softmax(logits.subarray(n * classes, (n + 1) * classes), batch.temperature);
    for (let k = 0; k < classes; k++) {
      const target = batch.targets[n * classes + k];
      loss -= (target * Math.log(probabilities[k])) / count;
      gradient[n * classes + k] = (probabilities[k] - target) / batch.temperature / count;
    }
  }
  run.backward(gradient);
  let penalty = 0;
  for (const layer of spec.layers) {
    if (layer.kind !== 'conv2d' || layer.l2 === undefined || layer.shares !== undefined) continue;
    const { l2 } = layer;
    const slope = run.gradient(layer, 'weights');
    run.parameter(layer, 'weights').forEach((weight, i) => {
      penalty += l2 * weight ** 2;
      slope[i] += 2 * l2 * weight;
    });
  }
  return { loss, penalty, gradients: run.gradients, parameters: run.parameters, margin: run.margin };
}

/** Predicts class probabilities, [index][class]. */
export function referencePredict(
  spec: NetworkSpec,
  weights: Weights,
  samples: Samples,
  indices: Uint32Array,
): Float64Array {
  const run = new Run(spec, weights, 0);
  const { values } = run.forward((layer) => cropFrames(layer, samples, indices, []), false);
  const rows = Array.from(indices, (_, n) =>
    softmax(values.subarray(n * spec.classes, (n + 1) * spec.classes), 1),
  );
  return Float64Array.from(rows.flatMap((row) => [...row]));
}

/** Frames as crops read them, by the kind of their levels, [count][size][size]. */
export type CropValues = Readonly<Record<'normalized' | 'signed' | 'raw', Float64Array>>;

/** A network that predicts on frames that are already scaled, and the way back. */
export interface ReferencePrediction {
  /** The output of each layer. */
  readonly outputs: ReadonlyMap<string, Volume>;
  /** As in `Result`. */
  readonly margin: number;
  /**
   * From the gradients of some layers' outputs to those of all layers'.
   *
   * @param guided whether a ReLU passes only what is positive
   */
  pullBack(seeds: ReadonlyMap<string, Float64Array>, guided: boolean): ReadonlyMap<string, Float64Array>;
}

export function referencePrediction(
  spec: NetworkSpec,
  weights: Weights,
  values: CropValues,
): ReferencePrediction {
  const run = new Run(spec, weights, 0);
  const size = spec.frameSize;
  run.forward(({ x, y, width, height, mirror, levels }) => {
    const frames = values[levels ?? 'normalized'];
    const output = layers.volume({ samples: frames.length / size ** 2, channels: 1, height, width });
    output.values.forEach((_, i) => {
      const [n, row, column] = [Math.floor(i / (width * height)), Math.floor(i / width) % height, i % width];
      const from = x + (mirror ? width - 1 - column : column);
      output.values[i] = frames[(n * size + y + row) * size + from];
    });
    return output;
  }, false);
  return {
    outputs: run.outputs,
    margin: run.margin,
    pullBack: (seeds, guided) => run.pullBack(seeds, guided),
  };
}

class Run implements Context {
  readonly dropoutSeed: number;
  readonly parameters: ReadonlyMap<string, Float64Array>;
  readonly gradients = new Map<string, Float64Array>();
  margin = Number.POSITIVE_INFINITY;
  readonly #spec: NetworkSpec;
  readonly #applied = new Map<string, Applied>();

  constructor(spec: NetworkSpec, weights: ReadonlyMap<string, ArrayLike<number>>, dropoutSeed: number) {
    this.#spec = spec;
    this.dropoutSeed = dropoutSeed;
    this.parameters = new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)]));
  }

  parameter(layer: LayerSpec, role: string): Float64Array {
    const owner = ('shares' in layer ? layer.shares : undefined) ?? layer.name;
    const found = this.parameters.get(`${owner}/${role}`);
    if (found === undefined) throw new Error(`no parameter ${owner}/${role}`);
    return found;
  }

  gradient(layer: LayerSpec, role: string): Float64Array {
    const owner = ('shares' in layer ? layer.shares : undefined) ?? layer.name;
    const name = `${owner}/${role}`;
    const sum = this.gradients.get(name) ?? new Float64Array(this.parameter(layer, role).length);
    this.gradients.set(name, sum);
    return sum;
  }

  near(distance: number): void {
    this.margin = Math.min(this.margin, distance);
  }

  forward(crops: (layer: CropLayer) => Volume, training: boolean): Volume {
    this.#spec.layers.forEach((layer, index) => {
      const names = inputNames(layer);
      const inputs = names.map((name) => (this.#applied.get(name) as Applied).output);
      const applied =
        layer.kind === 'crop'
          ? { output: crops(layer), pullback: () => [] }
          : this.#apply(layer, inputs, index, training);
      this.#applied.set(layer.name, applied);
    });
    return this.#last().output;
  }

  get outputs(): ReadonlyMap<string, Volume> {
    return new Map([...this.#applied].map(([name, { output }]) => [name, output]));
  }

  backward(gradient: Float64Array): void {
    this.pullBack(new Map([[this.#spec.layers.at(-1)?.name ?? '', gradient]]), false);
  }

  pullBack(seeds: ReadonlyMap<string, Float64Array>, guided: boolean): ReadonlyMap<string, Float64Array> {
    const sums = new Map(seeds);
    for (const layer of this.#spec.layers.toReversed()) {
      const sum = sums.get(layer.name);
      if (sum === undefined) continue; // nobody reads it
      const own = guided && layer.kind === 'relu' ? sum.map((value) => Math.max(value, 0)) : sum;
      (this.#applied.get(layer.name) as Applied).pullback(own).forEach((part, i) => {
        const name = inputNames(layer)[i];
        const sum = sums.get(name);
        sums.set(name, sum ? sum.map((value, k) => value + part[k]) : part);
      });
    }
    return sums;
  }

  #last(): Applied {
    return this.#applied.get(this.#spec.layers.at(-1)?.name ?? '') as Applied;
  }

  #apply(
    layer: Exclude<LayerSpec, CropLayer>,
    inputs: readonly Volume[],
    index: number,
    training: boolean,
  ): Applied {
    const [input] = inputs;
    switch (layer.kind) {
      case 'resize':
        return layers.resize(layer, input);
      case 'conv2d':
        return layers.conv2d(this, layer, input);
      case 'depthwise-conv2d':
        return layers.depthwiseConv2d(this, layer, input);
      case 'dense':
        return layers.dense(this, layer, input);
      case 'relu':
        return layers.relu(this, input);
      case 'max-pool':
        return layers.maxPool(this, layer, input);
      case 'average-pool':
        return layers.averagePool(layer, input);
      case 'global-average-pool':
        return layers.globalAveragePool(input);
      case 'batch-normalization':
        return training ? batchNormalization(this, layer, input) : runningNormalization(this, layer, input);
      case 'quantize':
        return layers.quantize(layer, input);
      case 'dropout':
        return training ? layers.dropout(this, layer.rate, index, input) : layers.add([input]);
      case 'add':
        return layers.add(inputs);
      case 'concatenate':
        return layers.concatenate(inputs);
      case 'flatten':
        return layers.flatten(input);
    }
  }
}

function inputNames(layer: LayerSpec): readonly string[] {
  if (layer.kind === 'crop') return [];
  return 'inputs' in layer ? layer.inputs : [layer.input];
}

/** Cuts a patch from each frame: normalised over the whole frame, shifted, flipped, mirrored. */
function cropFrames(
  layer: CropLayer,
  { frames, frameSize }: Samples,
  indices: Uint32Array,
  views: readonly View[],
): Volume {
  const { height, width } = layer;
  const output = layers.volume({ samples: indices.length, channels: 1, height, width });
  indices.forEach((sample, n) => {
    const frame = frames.subarray(sample * frameSize ** 2, (sample + 1) * frameSize ** 2);
    const mean = frame.reduce((a, b) => a + b, 0) / frame.length;
    const variance = frame.reduce((sum, value) => sum + (value - mean) ** 2, 0) / frame.length;
    const { shiftX, shiftY, flip } = views[n] ?? { shiftX: 0, shiftY: 0, flip: false };
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const column = layer.x + shiftX + (layer.mirror ? width - 1 - x : x);
        const row = clamp(layer.y + shiftY + y, frameSize);
        const grey = frame[row * frameSize + clamp(flip ? frameSize - 1 - column : column, frameSize)];
        const normal = (grey - mean) / Math.sqrt(Math.max(variance, 1));
        const value = layer.levels === undefined ? normal : layer.levels === 'raw' ? grey : grey / 127.5 - 1;
        output.values[(n * height + y) * width + x] = value;
      }
    }
  });
  return output;
}

function clamp(value: number, size: number): number {
  return Math.min(Math.max(value, 0), size - 1);
}

function softmax(logits: Float64Array, temperature: number): Float64Array {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp((logit - top) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
