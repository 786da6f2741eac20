import type { EvolveOptions } from '../../src/options/evolve-options.ts';
import type { EvolutionReport } from '../../src/run/result.ts';
import type { EvolutionEvent } from '../../src/search/events.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

/** A run of seconds that goes through rungs, repeats and finalists; it shrinks none of them, which takes most of the time. */
export const tinyRun: EvolveOptions = {
  dataset: tinyFaces({ train: 64, validation: 32 }),
  population: 4,
  generations: 3,
  seed: 'tiny',
  workers: 0,
  finalists: 2,
  prefer: 'accurate',
  repeats: 2,
  fitness: { epochs: 9, batchSize: 16 },
  final: { epochs: 1, batchSize: 16 },
  bounds: { maximumFilters: 8, maximumSide: 16 },
  baseline: false,
};

/** All of a result but its times. */
export function timeless({ timing: _, ...report }: EvolutionReport): string {
  return JSON.stringify(report);
}

/** Keeps events of one type. */
export function eventsOf<Type extends EvolutionEvent['type']>(events: readonly EvolutionEvent[], type: Type) {
  return events.filter((event): event is Extract<EvolutionEvent, { type: Type }> => event.type === type);
}
