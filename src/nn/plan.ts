import { describeNetwork, type Shape } from '../network/describe.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { type BackwardPass, backwardSteps } from './backward-steps.ts';
import { forwardSteps, type Inputs } from './forward-steps.ts';
import { LayerGraph, withoutDropout } from './layer-graph.ts';
import { LANES, Layout, type Tensor } from './layout.ts';
import type { SessionTraining } from './network-session.ts';
import { oneFaceSteps } from './one-face-steps.ts';
import { type ParameterPlan, placeParameters } from './parameters.ts';
import { hasBatchStatistics, makePass, placeInputs } from './pass.ts';
import { gradientHalo, Placement } from './placement.ts';
import { batch, block, encodeProgram, type Step } from './program.ts';
import { type Segment, splitSteps } from './split-steps.ts';
import { Winograd } from './winograd.ts';

/** The options of a plan that also trains. */
export interface TrainingPlanOptions extends SessionTraining {
  /** Threads that share every training step; 1 if left out. The bits are the same for any number. */
  readonly threads?: number;
}

/**
 * The memory layout of a network in an arena, and the programs that run it, which allocate nothing. Offsets count 32-bit
 * words.
 */
export interface Plan {
  readonly spec: NetworkSpec;
  /** Samples of a full batch. */
  readonly batchSize: number;
  /** Length of the arena. */
  readonly words: number;
  readonly parameters: ParameterPlan;
  readonly inputs: Inputs;
  /** Class probabilities of each sample, [classes]. */
  readonly probabilities: Tensor;
  readonly training?: TrainingBuffers;
  /** Present in plans that only predict. */
  readonly oneFace?: OneFacePlan;
  /** Offsets of the tensor table and of the programs. */
  readonly tensors: number;
  readonly predict: number;
  /** A training step: programs with a barrier after each, [segment][thread]; −1 if a thread has nothing to do. */
  readonly train: readonly (readonly number[])[];
  /** The steps of a training step in their order, before threads share them; none in plans that only predict. */
  readonly trainSteps: readonly Step[];
  /** Words to write into the arena before the first run. */
  readonly constants: readonly { readonly offset: number; readonly words: Int32Array }[];
}

/** The programs that predict the first sample alone, in a fraction of the time of a block. */
export interface OneFacePlan {
  /** Its class probabilities, side by side. */
  readonly probabilities: Tensor;
  /** Offsets of the programs; run `prepare` after each change of the weights. */
  readonly prepare: number;
  readonly predict: number;
}

/** The buffers of one cross-entropy. */
export interface LossBuffers {
  /** Target probabilities of each sample, [classes]. */
  readonly targets: Tensor;
  /** Cross-entropy of each sample. */
  readonly loss: Tensor;
  /** Offset of the weight of a sample's loss in the gradient: 1 / samples of the batch unless set otherwise. */
  readonly lossScale: number;
  /** Offset of 1 / temperature of the softmax. */
  readonly inverseTemperature: number;
}

/** The buffers that the training loop writes before a step or reads after it. */
export interface TrainingBuffers extends LossBuffers {
  /** Offset of the gradients, in the order of the trainable parameters. */
  readonly gradients: number;
  /** Offset of seven floats: rate, β1 (or momentum), β2, ε, 1 / (1 − β1^t), 1 / (1 − β2^t), weight decay. */
  readonly settings: number;
  /** The buffers of a teacher's part of the loss. */
  readonly teacher?: LossBuffers & { readonly gradient: Tensor };
  /** Offset of the maximum norm of the gradient. */
  readonly clipLimit: number;
  /** Offsets of the moments of the gradients, each as long as the gradients: two for AdamW, one for SGD. */
  readonly moments: readonly number[];
}

/**
 * Plans a network for batches of up to `batchSize` samples, a multiple of 16.
 *
 * @throws EvopatchError `INVALID_NETWORK` naming the layer at fault.
 */
export function planNetwork(spec: NetworkSpec, batchSize: number, options?: TrainingPlanOptions): Plan {
  const layers = describeNetwork(spec);
  const blocks = batchSize / LANES;
  const layout = new Layout(blocks);
  const parameters = placeParameters(layers, layout);
  const inputs = placeInputs(spec, layout, batchSize);
  const flat = { channels: spec.classes, height: 1, width: 1 };
  const probabilities = layout.tensor(flat, true);

  const graph = new LayerGraph(layers);
  const inference = makePass(withoutDropout(graph), layout, parameters, inputs, false);
  const logits = inference.outputs.tensor(inference.graph.output);
  const predictSteps = [...forwardSteps(inference), block('softmax', { logits, probabilities })];
  const predict = encodeProgram(batchStepsFirst(predictSteps));

  let training: TrainingBuffers | undefined;
  let segments: readonly Segment[] = [];
  let trainSteps: readonly Step[] = [];
  if (options) {
    const { threads = 1 } = options;
    training = placeTraining(layout, flat, parameters, options);
    const shared = threads > 1;
    const perBlock = shared || hasBatchStatistics(graph);
    const pass = makePass(graph, layout, parameters, inputs, true, { perBlock, shared });
    const winograd =
      options.convolution === 'winograd' ? new Winograd(graph.layers, layout, threads) : undefined;
    const gradients = new Placement(graph, layout, perBlock, (name) => gradientHalo(graph, name));
    trainSteps = trainingSteps({ ...pass, winograd, layout, gradients }, training, options);
    segments = shared
      ? splitSteps(trainSteps, layout, threads, winograd?.tileWords ?? 0)
      : [[encodeProgram(trainSteps)]];
  }

  const alone = options ? undefined : oneFaceSteps(inference.graph, layout, parameters, inputs);

  const constants: { offset: number; words: Int32Array }[] = [];
  const place = (words: Int32Array) => {
    const offset = layout.reserve(words.length);
    constants.push({ offset, words });
    return offset;
  };
  const tensors = place(layout.table());
  const oneFace = alone && {
    probabilities: alone.probabilities,
    prepare: place(encodeProgram(alone.prepare)),
    predict: place(encodeProgram(alone.predict)),
  };
  const programs = {
    predict: place(predict),
    train: segments.map((segment) => segment.map((words) => (words ? place(words) : -1))),
  };
  return {
    spec,
    batchSize,
    words: layout.words,
    parameters,
    inputs,
    probabilities,
    training,
    oneFace,
    tensors,
    ...programs,
    trainSteps,
    constants,
  };
}

function placeTraining(
  layout: Layout,
  flat: Shape,
  parameters: ParameterPlan,
  { optimizer, teacher = false }: TrainingPlanOptions,
): TrainingBuffers {
  const moments = optimizer === 'adamw' ? [0, 1] : [0];
  return {
    ...placeLoss(layout, flat),
    teacher: teacher ? { ...placeLoss(layout, flat), gradient: layout.tensor(flat, true) } : undefined,
    gradients: layout.reserve(parameters.words),
    settings: layout.reserve(LANES),
    clipLimit: layout.reserve(1),
    moments: moments.map(() => layout.reserve(parameters.words)),
  };
}

function placeLoss(layout: Layout, flat: Shape): LossBuffers {
  return {
    targets: layout.tensor(flat, true),
    loss: layout.tensor({ ...flat, channels: 1 }, true),
    lossScale: layout.reserve(1),
    inverseTemperature: layout.reserve(1),
  };
}

function trainingSteps(
  pass: Omit<BackwardPass, 'gradientShift'>,
  training: TrainingBuffers,
  options: TrainingPlanOptions,
): Step[] {
  const { graph, gradients, parameters } = pass;
  const forward = forwardSteps(pass);
  const gradientShift = training.gradients - parameters.start;
  const backward = backwardSteps({ ...pass, gradientShift });
  const [logits, gradient] = [pass.outputs, gradients].map((placement) => placement.tensor(graph.output));
  return [
    batch('fill_zero', { offset: training.gradients, count: parameters.words }),
    ...backward.before,
    ...(pass.winograd?.steps ?? []),
    ...forward,
    ...lossSteps(training, logits, gradient),
    ...backward.steps,
    ...backward.after,
    ...penaltySteps(graph, parameters, gradientShift),
    ...updateSteps(parameters, training, options),
  ];
}

/** Computes the gradient by the logits: that of the labels' cross-entropy plus that of the teacher's. */
function lossSteps(training: TrainingBuffers, logits: Tensor, gradient: Tensor): Step[] {
  const step = ({ targets, loss, ...offsets }: LossBuffers, dx: Tensor) => {
    const [loss_scale, inverse_temperature] = [offsets.lossScale, offsets.inverseTemperature];
    return block('cross_entropy', { logits, targets, dx, loss, loss_scale, inverse_temperature });
  };
  const { teacher } = training;
  if (teacher === undefined) return [step(training, gradient)];
  const sum = block('add', { a: gradient, b: teacher.gradient, out: gradient, relu: false });
  return [step(training, gradient), step(teacher, teacher.gradient), sum];
}

/** Adds the gradient of the penalties on the size of weights. */
function penaltySteps(graph: LayerGraph, parameters: ParameterPlan, gradientShift: number): Step[] {
  return graph.layers.flatMap(({ layer, parameters: count }) => {
    if (layer.kind !== 'conv2d' || !layer.l2 || layer.shares !== undefined) return [];
    const weights = parameters.offsetOf(layer.name, 'weights');
    const gradient = weights + gradientShift;
    const words = count - (layer.bias ? layer.filters : 0);
    return [batch('weight_penalty', { weights, gradient, count: words, factor: 2 * layer.l2 })];
  });
}

function updateSteps(
  parameters: ParameterPlan,
  { gradients, settings, clipLimit, moments }: TrainingBuffers,
  { optimizer, clip }: TrainingPlanOptions,
): Step[] {
  const { start, words, decayingWords } = parameters;
  const [first, second = first] = moments;
  const update = (from: number, count: number, decay: boolean) =>
    batch(optimizer, {
      weights: start + from,
      gradient: gradients + from,
      first_moment: first + from,
      second_moment: second + from,
      count,
      settings,
      decay,
    });
  return [
    ...(clip ? [batch('clip_gradient', { gradient: gradients, count: words, limit: clipLimit })] : []),
    update(0, decayingWords, true),
    update(decayingWords, words - decayingWords, false),
  ];
}

/** Moves the steps of the batch before those of the blocks: in inference none of them waits for a block. */
function batchStepsFirst(steps: readonly Step[]): Step[] {
  return [
    ...steps.filter((step) => step.scope === 'batch'),
    ...steps.filter((step) => step.scope === 'block'),
  ];
}
