import type { Proposal, Score, SearchSettings, SearchState } from '../search-state.ts';

/**
 * A way to search: a pure state machine over `SearchState` that knows nothing of threads or files. Every random draw
 * comes from a stream keyed by (seed, generation, index, purpose), so equal states and settings give equal answers.
 */
export interface Sampler {
  readonly name: SamplerName;
  /** `population` proposals, all different from one another and from all that came before. */
  ask(state: SearchState, settings: SearchSettings): Proposal[];
  /** The state after their scores, in their order; `null` for an evaluation that failed. */
  tell(
    state: SearchState,
    settings: SearchSettings,
    proposals: readonly Proposal[],
    scores: readonly (Score | null)[],
  ): SearchState;
}

export const SAMPLERS = ['nsga2', 'aging', 'random'] as const;
export type SamplerName = (typeof SAMPLERS)[number];
