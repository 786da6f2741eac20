import type { Ensemble } from '../ensemble/ensemble.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import type { TfjsOutput } from './artifacts.ts';
import type { LayerList } from './layer-list.ts';

/** The logarithm of a weight of 0, near enough: its exponential is 0 beside any other. */
const LOG_ZERO = -1e9;

/** By what logits are multiplied so that their softmax gives all to the largest. */
const SHARPNESS = 1e12;
/** The same for shares of a vote, which are 1 / members at least, with steps between them that order equal ones. */
const SHARE_SHARPNESS = 1e8;
const STEP = 1e3;

/** Adds what `combine` does to the answers of an ensemble's members. @param logits of each member, [N][classes] */
export function addCombination(
  list: LayerList,
  logits: readonly TfjsOutput[],
  ensemble: Ensemble,
  name: string,
): TfjsOutput {
  return ensemble.combination === 'mean'
    ? addMean(list, logits, ensemble, name)
    : addVotes(list, logits, ensemble.weights[0].length, name);
}

/**
 * Σ W[m][c] · p[m](c), renormalised over the classes: the softmax over all members and classes of ln p + ln W gives each summand
 * its share, and no layer of TensorFlow.js divides.
 */
function addMean(
  list: LayerList,
  logits: readonly TfjsOutput[],
  { weights }: Ensemble,
  name: string,
): TfjsOutput {
  const classes = weights[0].length;
  const logarithms = logits.map((output, member) => {
    return list.add('Activation', `member${member}/log-probabilities`, [output], {
      activation: 'log_softmax',
    });
  });
  const shifts = weights.flat().map((weight) => (weight > 0 ? Math.log(weight) : LOG_ZERO));
  const all = joined(list, 'log-probabilities', logarithms);
  const weighted = scaled(list, 'weighted', all, { shifts });
  const shares = softmax(list, 'shares', weighted);
  return sums(
    list,
    name,
    shares,
    classes,
    Array.from(logits, () => 1),
  );
}

/** (votes + probabilities / (members + 1)) as a share of their sum, which is the same for all faces. */
function addVotes(list: LayerList, logits: readonly TfjsOutput[], classes: number, name: string): TfjsOutput {
  const order = Array.from({ length: classes }, (_, k) => -STEP * k);
  const parts = logits.flatMap((output, member) => {
    const of = (what: string) => `member${member}/${what}`;
    const sharp = scaled(list, of('sharp'), output, { factors: order.map(() => SHARPNESS) });
    const shared = softmax(list, of('shared-vote'), sharp);
    // Equal logits share the vote: the first of them gets it.
    const first = scaled(list, of('first'), shared, {
      factors: order.map(() => SHARE_SHARPNESS),
      shifts: order,
    });
    return [softmax(list, of('vote'), first), softmax(list, of('probabilities'), output)];
  });
  const tieBreak = 1 / (logits.length + 1);
  const total = logits.length * (1 + tieBreak);
  const factors = logits.flatMap(() => [1 / total, tieBreak / total]);
  return sums(list, name, joined(list, 'votes', parts), classes, factors);
}

function joined(list: LayerList, name: string, outputs: readonly TfjsOutput[]): TfjsOutput {
  return outputs.length === 1 ? outputs[0] : list.add('Concatenate', name, outputs, { axis: -1 });
}

function softmax(list: LayerList, name: string, input: TfjsOutput): TfjsOutput {
  return list.add('Activation', name, [input], { activation: 'softmax' });
}

/** Multiplies each number by its factor and adds its shift: a batch normalisation of mean 0 and variance 1. */
function scaled(
  list: LayerList,
  name: string,
  input: TfjsOutput,
  { factors, shifts }: { readonly factors?: readonly number[]; readonly shifts?: readonly number[] },
): TfjsOutput {
  const array = (values: readonly number[]): NamedTensor => {
    return { shape: [values.length], values: Float32Array.from(values) };
  };
  const numbers = (factors ?? shifts ?? []).map(() => 1);
  const config = { epsilon: 0, scale: factors !== undefined, center: shifts !== undefined, trainable: false };
  return list.add('BatchNormalization', name, [input], config, {
    ...(factors && { gamma: array(factors) }),
    ...(shifts && { beta: array(shifts) }),
    moving_mean: array(numbers.map(() => 0)),
    moving_variance: array(numbers),
  });
}

/** Adds up the parts of [N][parts · classes], each times its factor. */
function sums(
  list: LayerList,
  name: string,
  input: TfjsOutput,
  classes: number,
  factors: readonly number[],
): TfjsOutput {
  const values = new Float32Array(factors.length * classes * classes);
  factors.forEach((factor, part) => {
    for (let k = 0; k < classes; k++) values[(part * classes + k) * classes + k] = factor;
  });
  const kernel = { shape: [factors.length * classes, classes], values };
  return list.addConstant('Dense', name, input, { units: classes }, kernel);
}
