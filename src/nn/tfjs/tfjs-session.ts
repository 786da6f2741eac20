import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { describeNetwork, type LayerDescription } from '../../network/describe.ts';
import type { LayerSpec, NetworkSpec } from '../../network/spec.ts';
import { RUNNING_MOMENTUM } from '../forward-steps.ts';
import { LayerGraph, upstreamOf } from '../layer-graph.ts';
import { LANES, Layout } from '../layout.ts';
import type { NetworkSession, SessionTraining, UpdateSettings } from '../network-session.ts';
import { type Parameter, placeParameters, type Weights } from '../parameters.ts';
import type { Samples } from '../samples.ts';
import { checkBatchSize, wrongArray } from '../staging.ts';
import { type Distillation, termWeights } from '../teacher.ts';
import type { View } from '../view.ts';
import { cropViews } from './crop-views.ts';
import { type BatchStatistics, logitsOf, type PassInputs, sumOf, type TensorFlow } from './tensor-network.ts';
import { adamw, clipGradients, sgd } from './update-weights.ts';

/** Runs work with a backend of TensorFlow.js. */
export type Runner = <Result>(work: (tf: TensorFlow) => Result) => Result;

/** The loss of the labels or of a teacher: its share and the inverse temperature of its softmax. */
interface Term {
  readonly weight: number;
  readonly temperature: number;
}

/**
 * A network that TensorFlow.js runs. Its weights lie here; tensors live only as long as a step, so that nothing needs to be
 * disposed of.
 */
export class TfjsSession implements NetworkSession {
  readonly parameters: readonly Parameter[];
  readonly #run: Runner;
  readonly #spec: NetworkSpec;
  readonly #batchSize: number;
  readonly #layers: readonly LayerDescription[];
  readonly #training: SessionTraining | undefined;
  readonly #weights: Map<string, Float32Array>;
  /** The trainable parameters, and those of them that the logits depend on. */
  readonly #learnt: readonly Parameter[];
  readonly #reached: readonly Parameter[];
  #moments: Float32Array[][];
  #clipNorm = 0;
  #terms: { hard: Term; soft: Term } = {
    hard: { weight: 1, temperature: 1 },
    soft: { weight: 0, temperature: 1 },
  };

  /** @throws EvopatchError `INVALID_NETWORK`, `INVALID_OPTION` for a batch that is no multiple of 16. */
  constructor(run: Runner, spec: NetworkSpec, batchSize: number, training?: SessionTraining) {
    checkBatchSize(batchSize);
    this.#run = run;
    this.#spec = spec;
    this.#batchSize = batchSize;
    this.#layers = describeNetwork(spec);
    this.#training = training;
    this.parameters = placeParameters(this.#layers, new Layout(1)).parameters;
    this.#learnt = this.parameters.filter(({ trainable }) => trainable);
    const graph = new LayerGraph(this.#layers);
    const owners = new Set(
      [...upstreamOf(graph, [graph.output])].map((name) => ownerOf(graph.get(name).layer)),
    );
    this.#reached = this.#learnt.filter(({ layer }) => owners.has(layer));
    const zeros = () => this.#learnt.map((parameter) => new Float32Array(sizeOf(parameter)));
    this.#weights = new Map(this.parameters.map((one) => [one.name, new Float32Array(sizeOf(one))]));
    this.#moments =
      training === undefined ? [] : training.optimizer === 'adamw' ? [zeros(), zeros()] : [zeros()];
  }

  weights(): Map<string, Float32Array> {
    return new Map(Array.from(this.#weights, ([name, values]) => [name, values.slice()]));
  }

  setWeights(weights: Weights): void {
    for (const { name } of this.parameters) {
      const [own, given] = [this.#weights.get(name) as Float32Array, weights.get(name)];
      if (given?.length !== own.length) throw wrongArray(name, own.length, given?.length);
      own.set(given);
    }
  }

  /** One array after another for each of the optimiser's moments. */
  moments(): Float32Array[] {
    return this.#moments.map((arrays) => Float32Array.from(arrays.flatMap((values) => [...values])));
  }

  setMoments(moments: readonly Float32Array[]): void {
    for (const [i, arrays] of this.#moments.entries()) {
      let offset = 0;
      for (const values of arrays) {
        values.set(moments[i].subarray(offset, offset + values.length));
        offset += values.length;
      }
    }
  }

  configure({ clipNorm, temperature }: { readonly clipNorm: number; readonly temperature: number }): void {
    this.#clipNorm = clipNorm;
    this.#terms = { hard: { weight: 1, temperature }, soft: this.#terms.soft };
  }

  setDistillation(distillation: Distillation): void {
    if (this.#training?.teacher !== true) return;
    const { hard, soft } = termWeights(distillation);
    this.#terms = {
      hard: { ...this.#terms.hard, weight: hard },
      soft: { weight: soft, temperature: distillation.temperature },
    };
  }

  train(
    samples: Samples,
    indices: Uint32Array,
    views: readonly View[],
    targets: Float32Array,
    settings: UpdateSettings,
    dropoutSeed: number,
    teacherTargets?: Float32Array,
  ): number {
    const statistics: BatchStatistics[] = [];
    const { hard, soft } = this.#terms;
    const [loss, ...gradients] = this.#run((tf) => {
      const shape: [number, number] = [indices.length, this.#spec.classes];
      let reported = 0;
      const lossOf = (...arrays: Tensor[]): Scalar => {
        const logits = logitsOf(tf, this.#layers, {
          samples: indices.length,
          crop: (layer) => cropViews(layer, samples, indices, views),
          array: this.#arrays(tf, this.#reached, arrays),
          training: { dropoutSeed, addStatistics: (one) => statistics.push(one) },
        });
        const term = (wanted: Float32Array, { weight, temperature }: Term): Scalar => {
          const logarithms = tf.logSoftmax(tf.div(logits, temperature) as Tensor2D);
          const sum = tf.sum(tf.mul(tf.tensor2d(wanted, shape), logarithms));
          return tf.mul(sum, -weight / indices.length);
        };
        const terms = [term(targets, hard), ...(teacherTargets ? [term(teacherTargets, soft)] : [])];
        const entropy = sumOf(tf, terms);
        [reported] = entropy.dataSync();
        return sumOf(tf, [entropy, ...this.#penalties(tf, arrays)]);
      };
      const values = this.#reached.map(({ name, shape }) => this.#tensor(tf, name, shape));
      const { grads } = tf.valueAndGrads(lossOf)(values);
      return [Float32Array.of(reported), ...grads.map((gradient) => gradient.dataSync() as Float32Array)];
    });
    this.#updateRunning(statistics);
    this.#update(new Map(this.#reached.map(({ name }, i) => [name, gradients[i]])), settings);
    return loss[0];
  }

  predict(samples: Samples, indices: Uint32Array): Float32Array {
    const { classes } = this.#spec;
    const result = new Float32Array(indices.length * classes);
    for (let first = 0; first < indices.length; first += this.#batchSize) {
      const part = indices.subarray(first, first + this.#batchSize);
      const probabilities = this.#run((tf) => {
        const logits = logitsOf(tf, this.#layers, {
          samples: part.length,
          crop: (layer) => cropViews(layer, samples, part, []),
          array: this.#arrays(tf, [], []),
        });
        return tf.softmax(logits).dataSync() as Float32Array;
      });
      result.set(probabilities, first * classes);
    }
    return result;
  }

  #tensor(tf: TensorFlow, name: string, shape: readonly number[]): Tensor {
    return tf.tensor(this.#weights.get(name) as Float32Array, [...shape]);
  }

  /** Gives the arrays of layers as tensors: some that are there, the others made when first read. */
  #arrays(tf: TensorFlow, known: readonly Parameter[], tensors: readonly Tensor[]): PassInputs['array'] {
    const made = new Map(known.map(({ name }, i) => [name, tensors[i]]));
    const shapes = new Map(this.parameters.map(({ name, shape }) => [name, shape]));
    return (layer, role) => {
      const name = `${ownerOf(layer)}/${role}`;
      const shape = shapes.get(name);
      if (!made.has(name) && shape !== undefined) made.set(name, this.#tensor(tf, name, shape));
      return made.get(name);
    };
  }

  /** The penalties on the size of weights, which training minimises and does not report. */
  #penalties(tf: TensorFlow, arrays: readonly Tensor[]): Scalar[] {
    return this.#layers.flatMap(({ layer }) => {
      if (layer.kind !== 'conv2d' || !layer.l2 || layer.shares !== undefined) return [];
      const index = this.#reached.findIndex(({ name }) => name === `${layer.name}/weights`);
      return index < 0 ? [] : [tf.mul(tf.sum(tf.square(arrays[index])), layer.l2) as Scalar];
    });
  }

  /** A block of samples after another updates the statistics of all layers, as in the engine's kernels. */
  #updateRunning(statistics: readonly BatchStatistics[]): void {
    const groupsOf = ({ layer }: BatchStatistics) =>
      layer.statistics === 'block' ? this.#batchSize / LANES : 1;
    for (let group = 0; group < this.#batchSize / LANES; group++) {
      for (const one of statistics) if (group < groupsOf(one)) this.#blend(one, group);
    }
  }

  #blend({ layer, mean, variance }: BatchStatistics, group: number): void {
    const array = (role: string) => this.#weights.get(`${ownerOf(layer)}/${role}`) as Float32Array;
    const updates = array('updates');
    const share = Math.max(1 / (updates[0] + 1), 1 - RUNNING_MOMENTUM[layer.statistics]);
    for (const [role, values] of [
      ['mean', mean],
      ['variance', variance],
    ] as const) {
      const running = array(role);
      const first = group * running.length;
      for (let c = 0; c < running.length; c++) running[c] += share * (values[first + c] - running[c]);
    }
    updates[0] += 1;
  }

  #update(gradients: ReadonlyMap<string, Float32Array>, settings: UpdateSettings): void {
    if (this.#clipNorm > 0) clipGradients([...gradients.values()], this.#clipNorm);
    const step = this.#training?.optimizer === 'sgd' ? sgd : adamw;
    this.#learnt.forEach(({ name, role }, i) => {
      const weights = this.#weights.get(name) as Float32Array;
      const gradient = gradients.get(name) ?? new Float32Array(weights.length);
      const moments = this.#moments.map((arrays) => arrays[i]);
      step({ weights, gradient, moments, decays: role === 'weights' }, settings);
    });
  }
}

function ownerOf(layer: LayerSpec): string {
  return ('shares' in layer ? layer.shares : undefined) ?? layer.name;
}

function sizeOf({ shape }: Parameter): number {
  return shape.reduce((a, b) => a * b, 1);
}
