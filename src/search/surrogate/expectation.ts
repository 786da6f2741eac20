import { log } from '../../core/portable-math.ts';
import { genomeCost } from '../../genome/genome-cost.ts';
import { coveredPixels } from '../../genome/patches.ts';
import type { Individual, Observation, Proposal, SearchSettings, SearchState } from '../search-state.ts';
import { featuresOf } from './features.ts';
import { fitGaussianProcess } from './gaussian-process.ts';
import { MAX_OBSERVATIONS } from './observations.ts';

const MIN_OBSERVATIONS = 12;
/** One rung up counts as much as this step of any other feature. */
const RUNG_STEP = 0.5;

/** Expects the loss that features, as of `featuresOf`, have on a rung. */
type LossModel = (features: readonly number[], rung: number) => number;

/** Expects the scores of a proposal, were it trained to the top rung. */
export type Expectation = (proposal: Proposal) => Individual;

/**
 * Expects what proposals would score. Their loss comes from a model of all losses that the search has measured, on
 * whatever rung, as in multi-fidelity optimisation (Kandasamy et al. 2017); error and latency follow loss and
 * multiply-accumulates; each objective that the user defined has a model of its own; all else is counted.
 *
 * @returns `undefined` as long as too little is known
 */
export function expectationOf(
  { observations, generation, population }: SearchState,
  { bounds, topRung, objectives }: SearchSettings,
): Expectation | undefined {
  const lossAt = lossModel(observations);
  if (lossAt === undefined) return undefined;
  const valueModels = objectives.flatMap(({ name, custom }) =>
    custom === undefined ? [] : [{ name, expect: valueModel(observations, name) }],
  );
  const { latency } = population[0];
  const latencyOfMac = latency === undefined ? undefined : latency / population[0].macs;
  return (proposal) => {
    const { genome } = proposal;
    const cost = genomeCost(genome, bounds);
    const features = featuresOf(genome, cost, bounds.frame);
    const loss = lossAt(features, topRung);
    const values = valueModels.map(({ name, expect }) => [name, expect(features)]);
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
      ...(values.length > 0 && { values: Object.fromEntries(values) }),
      generation,
      index: 0,
    };
  };
}

/**
 * Individuals with the scores that they are expected to have at the top rung. With a surrogate, those that stayed on a lower
 * rung get the loss that it expects of them at the top, or keep their own where that is lower.
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

/** Survival, the choice of parents and screening ask for the model of the same observations, one after the other. */
const models = new WeakMap<readonly Observation[], { readonly model: LossModel | undefined }>();

/**
 * A model of the loss, fitted to the latest observations: a Gaussian process over the features and the rung.
 *
 * @returns `undefined` as long as too little is known
 */
export function lossModel(observations: readonly Observation[]): LossModel | undefined {
  const known = models.get(observations) ?? { model: fitLossModel(observations) };
  models.set(observations, known);
  return known.model;
}

function fitLossModel(observations: readonly Observation[]): LossModel | undefined {
  const known = observations.flatMap(({ features, losses }) =>
    losses.flatMap((loss, rung) => (loss === null ? [] : [{ point: pointOf(features, rung), loss }])),
  );
  if (known.length < MIN_OBSERVATIONS) return undefined;
  const latest = known.slice(-MAX_OBSERVATIONS);
  const lossAt = fitGaussianProcess(
    latest.map(({ point }) => point),
    latest.map(({ loss }) => loss),
  );
  return (features, rung) => lossAt(pointOf(features, rung));
}

/** Fits a model of a user's objective to the observations that measured it, at whatever rung. */
function valueModel(
  observations: readonly Observation[],
  name: string,
): (features: readonly number[]) => number {
  const known = observations.flatMap(({ features, values }) =>
    values === undefined ? [] : [{ features, value: values[name] }],
  );
  const valueAt = fitGaussianProcess(
    known.map(({ features }) => features),
    known.map(({ value }) => value),
  );
  return (features) => Math.max(0, valueAt(features));
}

function pointOf(features: readonly number[], rung: number): number[] {
  return [...features, RUNG_STEP * rung];
}
