import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { GENOME_OPERATORS } from '../../src/genome/operators.ts';
import { coveredPixels } from '../../src/genome/patches.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { macCount, parameterCount } from '../../src/network/describe.ts';
import type { Score } from '../../src/search/objective.ts';
import { objectiveFrom } from '../../src/search/objectives.ts';
import type { Sampler } from '../../src/search/samplers/sampler.ts';
import {
  initialState,
  type Proposal,
  type SearchSettings,
  type SearchState,
} from '../../src/search/search-state.ts';

export const bounds = parseGenomeBounds({
  classes: 7,
  maximumSide: 32,
  maximumPixels: 1,
  maximumOverlap: 1,
  maximumParameters: 40_000,
});

export const settings: SearchSettings = {
  seed: 'search',
  population: 8,
  bounds,
  objectives: [objectiveFrom('loss'), objectiveFrom('parameters')],
  operators: GENOME_OPERATORS,
  topRung: 0,
  halving: false,
  adaptive: true,
  surrogate: false,
  startGenomes: [],
};

/** A score on a landscape where the loss falls with the parameters and with how close the first patch is to a place. */
export function scoreOf({ genome }: Proposal, rung = 0): Score {
  const spec = toNetworkSpec(genome, bounds);
  const [parameters, macs] = [parameterCount(spec), macCount(spec)];
  const [{ dx, dy }] = genome.patches;
  const loss = 1 + 1000 / (1000 + parameters) + (dx * dx + (dy - 8) * (dy - 8)) / 1000;
  return scored(loss, { parameters, macs, pixels: coveredPixels(genome, bounds.frame), rung });
}

export function scored(loss: number, other: Partial<Score> = {}): Score {
  const score = {
    rung: 0,
    rungLosses: [loss],
    losses: [loss],
    loss,
    accuracy: 0.5,
    parameters: 1,
    macs: 1,
    pixels: 1,
  };
  return { ...score, ...other };
}

/** All states of a search, the first and the last included. */
export function statesOf(
  sampler: Sampler,
  generations: number,
  { fails = () => false, ...changes }: Partial<SearchSettings> & { fails?: (place: number) => boolean } = {},
): SearchState[] {
  const changed = { ...settings, ...changes };
  const states = [initialState];
  for (let state = initialState; state.generation < generations; ) {
    const proposals = sampler.ask(state, changed);
    const scores = proposals.map((proposal, place) => (fails(place) ? null : scoreOf(proposal)));
    state = sampler.tell(state, changed, proposals, scores);
    states.push(state);
  }
  return states;
}
