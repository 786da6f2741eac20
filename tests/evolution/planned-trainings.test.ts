import { expect, test } from 'vitest';
import { plannedTrainings } from '../../src/evolution/planned-trainings.ts';
import { parseOptions } from '../../src/options/evolve-options.ts';
import { tinyRun } from './running.ts';

const settings = parseOptions({
  ...tinyRun,
  halving: false,
  repeats: 1,
  baseline: true,
  controls: 'all',
});
const course = { history: [], isSearched: false, finalists: settings.finalists, unplanned: 0 };
const ended = (evaluations: number) => ({
  index: 0,
  hypervolume: 0,
  front: [],
  evaluations,
  failures: 0,
  samplesSeen: 0,
});

test('a run is planned as its options say, and more exactly as it proceeds', () => {
  const others = 1 + 6; // the baseline and the controls
  expect(plannedTrainings(settings, course)).toBe(3 * 4 + 2 + others);
  expect(plannedTrainings(settings, { ...course, history: [ended(7)] })).toBe(7 + 2 * 4 + 2 + others);
  const searched = { ...course, history: [ended(7)], isSearched: true };
  expect(plannedTrainings(settings, searched)).toBe(7 + 2 + others);
  expect(plannedTrainings(settings, { ...searched, finalists: 1, unplanned: 5 })).toBe(7 + 1 + 5 + others);
});
