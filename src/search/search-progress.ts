import type { GenerationRecord } from './events.ts';
import type { SearchState } from './search-state.ts';

/** A search and what its generations came to: plain data, the content of a checkpoint. */
export interface SearchProgress {
  readonly state: SearchState;
  readonly history: readonly GenerationRecord[];
}
