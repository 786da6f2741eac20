import { EvopatchError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { macCount, parameterCount } from '../network/describe.ts';
import type { Engine } from '../nn/engine.ts';
import { measure } from '../nn/measure.ts';
import type { Samples } from '../nn/samples.ts';
import type { Team } from '../nn/team.ts';
import { type TrainingResult, trainNetwork } from '../nn/train-network.ts';
import type { Evaluation, FailedEvaluation, FailureReason, TrainingRequest } from './evaluation.ts';

/**
 * Trains a network and measures it: a pure function of the request, the data set and the engine's numerics. A network
 * that is refused, or whose loss does not stay finite, gives a failed evaluation; this never throws.
 *
 * @param team threads that share the training, with the same outcome
 */
export function evaluate(
  engine: Engine,
  dataset: Dataset,
  request: TrainingRequest,
  team?: Team,
): Evaluation {
  try {
    return trainAndMeasure(engine, dataset, request, team);
  } catch (cause) {
    return failed(reasonOf(cause), cause instanceof Error ? cause.message : String(cause));
  }
}

/** Tells failures of this machine, which may not happen again, from those of the network. */
function reasonOf(cause: unknown): FailureReason {
  const code = cause instanceof EvopatchError ? cause.code : undefined;
  if (code === 'ENGINE_UNAVAILABLE') return 'out-of-memory'; // the engine is open, but has no memory for a network
  return code === 'EVALUATION_FAILED' ? 'crash' : 'error'; // a thread that shared the training has ended
}

export function failed(reason: FailureReason, message: string): FailedEvaluation {
  return { status: 'failed', reason, message };
}

/** Returns the part of a data set that the networks read. */
export function samplesOf(dataset: Dataset): Samples {
  const { frames, labels, frame, classes } = dataset;
  return { frames, labels, frameSize: frame.size, classes: classes.length };
}

function trainAndMeasure(
  engine: Engine,
  dataset: Dataset,
  request: TrainingRequest,
  team: Team | undefined,
): Evaluation {
  const { spec, stages, validation, seed, teacher, keepWeights, keepState, done } = request;
  const samples = samplesOf(dataset);
  let trained: TrainingResult | undefined;
  let from = done?.state;
  for (const [index, stage] of stages.entries()) {
    if (index < (done?.stages ?? 0)) continue;
    const stageSeed = index === 0 ? seed : `${seed}/stage ${index}`;
    trained = trainNetwork(engine, spec, samples, {
      ...stage,
      validation,
      teacher,
      seed: stageSeed,
      from,
      team,
    });
    // The kernels' maxima swallow NaN, so a broken network may still give finite probabilities.
    const broken = trained.history.find(({ trainingLoss }) => !Number.isFinite(trainingLoss));
    if (broken !== undefined) {
      return failed('diverged', `the loss of epoch ${broken.epoch} is ${broken.trainingLoss}`);
    }
    from = trained.state;
  }
  if (trained === undefined) return failed('error', 'there is no stage to train');
  const { network, history, state } = trained;
  for (const [name, values] of network.weights) {
    if (!values.every(Number.isFinite)) return failed('diverged', `the weights '${name}' are not finite`);
  }
  const probabilities = network.predict(samples, validation);
  const { loss, accuracy, predictions } = measure(probabilities, dataset.labels, validation, spec.classes);
  if (!Number.isFinite(loss)) return failed('diverged', `the validation loss is ${loss}`);
  return {
    status: 'ok',
    loss,
    accuracy,
    error: 1 - accuracy,
    parameters: parameterCount(spec),
    macs: macCount(spec),
    history,
    predictions,
    ...(keepWeights ? { weights: network.weights } : {}),
    ...(keepState ? { state } : {}),
  };
}
