import type { Score } from '../objective.ts';
import type { Proposal, SearchSettings, SearchState } from '../search-state.ts';

/**
 * A search method: a pure state machine over `SearchState` that knows nothing of threads or files. Every random draw
 * comes from a stream keyed by (seed, generation, index, purpose), so equal states and settings give equal answers.
 */
export interface Sampler {
  readonly name: string;
  /** Proposes the genomes of a generation, different from one another and from all that came before. */
  ask(state: SearchState, settings: SearchSettings): Proposal[];
  /** Takes the scores of the proposals, in their order (`null` for an evaluation that failed), and gives the next state. */
  tell(
    state: SearchState,
    settings: SearchSettings,
    proposals: readonly Proposal[],
    scores: readonly (Score | null)[],
  ): SearchState;
}

export const SAMPLERS = ['nsga2', 'aging', 'random'] as const;
export type SamplerName = (typeof SAMPLERS)[number];
