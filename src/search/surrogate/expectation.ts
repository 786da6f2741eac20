import { log } from '../../core/portable-math.ts';
import { coveredPixels } from '../../genome/canonical.ts';
import { toNetworkSpec } from '../../genome/to-network-spec.ts';
import { networkCost } from '../../network/describe.ts';
import type { Individual, Observation, Proposal, SearchSettings, SearchState } from '../search-state.ts';
import { featuresOf } from './features.ts';
import { fitGaussianProcess } from './gaussian-process.ts';
import { MOST_OBSERVATIONS } from './observations.ts';

const FEWEST_OBSERVATIONS = 12;
/** A step of a rung matters as much as this step of any other feature. */
const RUNG_STEP = 0.5;

/** The loss that a point as of `featuresOf` has on a rung. */
type LossModel = (features: readonly number[], rung: number) => number;

/** A proposal as it would be, were it trained to the top rung. */
export type Expectation = (proposal: Proposal) => Individual;

/**
 * Expects what proposals would score. Their loss comes from a model of all losses that the search has measured, on
 * whatever rung, as in multi-fidelity optimisation (Kandasamy et al. 2017); error and latency follow loss and
 * multiply-accumulates, all else is counted.
 *
 * @returns `undefined` as long as too little is known
 */
export function expectationOf(
  { observations, generation, population }: SearchState,
  { bounds, topRung }: SearchSettings,
): Expectation | undefined {
  const lossAt = lossModel(observations);
  if (lossAt === undefined) return undefined;
  const { latency } = population[0];
  const latencyOfMac = latency === undefined ? undefined : latency / population[0].macs;
  return (proposal) => {
    const { genome } = proposal;
    const cost = networkCost(toNetworkSpec(genome, bounds));
    const loss = lossAt(featuresOf(genome, cost, bounds.frame), topRung);
    return {
      ...proposal,
      ...cost,
      rung: topRung,
      rungLosses: [],
      losses: [loss],
      loss,
      accuracy: 1 - loss / (2 * log(bounds.classes)),
      pixels: coveredPixels(genome, bounds.frame),
      ...(latencyOfMac !== undefined && { latency: latencyOfMac * cost.macs }),
      generation,
      index: 0,
    };
  };
}

/**
 * Individuals as they would be, were all trained to the top rung: with a surrogate those that stayed on a lower one count with
 * the loss that it expects of them there, or with what they had where that is less.
 */
export function atTopRung(
  individuals: readonly Individual[],
  observations: readonly Observation[],
  { bounds, topRung, surrogate }: SearchSettings,
): readonly Individual[] {
  const needed = surrogate && individuals.some(({ rung }) => rung < topRung);
  const lossAt = needed ? lossModel(observations) : undefined;
  if (lossAt === undefined) return individuals;
  return individuals.map((one) => {
    if (one.rung === topRung) return one;
    return { ...one, loss: Math.min(one.loss, lossAt(featuresOf(one.genome, one, bounds.frame), topRung)) };
  });
}

/**
 * The loss that a place has on a rung, by a Gaussian process over the latest of some observations, the rung being one more
 * feature.
 *
 * @returns `undefined` as long as too little is known
 */
export function lossModel(observations: readonly Observation[]): LossModel | undefined {
  const known = observations.flatMap(({ features, losses }) =>
    losses.flatMap((loss, rung) => (loss === null ? [] : [{ place: placeOf(features, rung), loss }])),
  );
  if (known.length < FEWEST_OBSERVATIONS) return undefined;
  const latest = known.slice(-MOST_OBSERVATIONS);
  const lossAt = fitGaussianProcess(
    latest.map(({ place }) => place),
    latest.map(({ loss }) => loss),
  );
  return (features, rung) => lossAt(placeOf(features, rung));
}

function placeOf(features: readonly number[], rung: number): number[] {
  return [...features, RUNG_STEP * rung];
}
