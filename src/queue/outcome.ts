import { canonicalJson } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Evaluation, SuccessfulEvaluation } from '../fitness/evaluation.ts';
import { evaluationFromJson, evaluationToJson } from '../fitness/evaluation-record.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../nn/safetensors.ts';
import type { TrainingState } from '../nn/train-network.ts';

type Tensors = ReadonlyMap<string, NamedTensor>;

/**
 * Encodes an evaluation with its weights and its state; equal evaluations give equal bytes. A state that is not finite, which
 * the format cannot hold, is left out: whoever needs it trains from scratch, with the same outcome.
 */
export function encodeOutcome(evaluation: SuccessfulEvaluation): Uint8Array {
  const { weights, state } = evaluation;
  const kept = state !== undefined && allFinite(state) ? state : undefined;
  const metadata = {
    evaluation: canonicalJson(evaluationToJson(evaluation)),
    ...(kept && { powers: JSON.stringify(kept.powers) }),
  };
  const tensors = new Map([
    ...(weights ? named('weights', weights) : []),
    ...(kept ? stateTensors(kept) : []),
  ]);
  return encodeSafetensors({ metadata, tensors });
}

/** Decodes `encodeOutcome`. @throws EvopatchError `INVALID_DATA` or `INVALID_MODEL` */
export function decodeOutcome(bytes: Uint8Array): Evaluation {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const { evaluation, hasWeights } = evaluationFromJson(parseJson(metadata.evaluation));
  if (evaluation.status === 'failed') return evaluation;
  return {
    ...evaluation,
    ...(hasWeights && { weights: valuesOf('weights', tensors) }),
    ...(metadata.powers !== undefined && { state: stateOf(metadata.powers, tensors) }),
  };
}

/** Encodes the state of a training. */
export function encodeState(state: TrainingState): Uint8Array {
  return encodeSafetensors({
    metadata: { powers: JSON.stringify(state.powers) },
    tensors: new Map(stateTensors(state)),
  });
}

/** Decodes `encodeState`. @throws EvopatchError `INVALID_DATA` or `INVALID_MODEL` */
export function decodeState(bytes: Uint8Array): TrainingState {
  const { metadata, tensors } = decodeSafetensors(bytes);
  return stateOf(metadata.powers, tensors);
}

function stateTensors({ weights, moments }: TrainingState): [string, NamedTensor][] {
  const numbered = moments.map((values, index) => [String(index), values] as const);
  return [...named('state/weights', weights), ...named('state/moments', numbered)];
}

function stateOf(powers: string, tensors: Tensors): TrainingState {
  const moments = valuesOf('state/moments', tensors);
  return {
    weights: valuesOf('state/weights', tensors),
    moments: Array.from({ length: moments.size }, (_, index) => moments.get(String(index)) as Float32Array),
    powers: parseJson(powers) as TrainingState['powers'],
  };
}

function named(group: string, values: Iterable<readonly [string, Float32Array]>): [string, NamedTensor][] {
  return Array.from(values, ([name, one]) => [`${group}/${name}`, { shape: [one.length], values: one }]);
}

function valuesOf(group: string, tensors: Tensors): Map<string, Float32Array> {
  const own = [...tensors].filter(([name]) => name.startsWith(`${group}/`));
  return new Map(own.map(([name, { values }]) => [name.slice(group.length + 1), values]));
}

function allFinite({ weights, moments }: TrainingState): boolean {
  return [...weights.values(), ...moments].every((values) => values.every(Number.isFinite));
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (cause) {
    throw new EvopatchError('INVALID_DATA', 'the outcome of a training is damaged', {}, cause);
  }
}
