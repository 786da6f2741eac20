import { describe, expect, test } from 'vitest';
import { contentHash } from '../../src/core/hash.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { objectiveFrom } from '../../src/search/objectives.ts';
import { samplers } from '../../src/search/samplers.ts';
import type { SearchSettings } from '../../src/search/search-state.ts';
import { settings as asynchronous, work } from './asynchronous/working.ts';
import { settings as generational, statesOf } from './searching.ts';

// The same seeds must give the same decisions, on every machine and in every release: a run is resumed from its log. Whoever
// changes what a search decides on purpose replaces the hashes and says so in the changelog.
const GOLDEN = {
  'asynchronous, plain': '762b35794a44151524f5357016643c77',
  'asynchronous, many workers': '893dffaf2b313a43f97e322a46258461',
  'asynchronous, tight bounds': '2c0d2eabf17b9319bcd8a3fda91ee7ee',
  'asynchronous, screened': 'd0fdb610f620d4bf3ac566bc399aecaf',
  'nsga2, plain': '845fb5b04f43623ff75d6c96770090f3',
  'nsga2, four objectives': '875a9a3b6e57adf29c82523da695f8cd',
  'nsga2, screened': '485899eb900e593d98494cc33dfd88e9',
  'aging, screened': '6fa357fff488dd182ac6724e7f1e3527',
  'random, plain': '329103b84c6991ffd0d2563ec1cee023',
};

const objectives = (...names: readonly Parameters<typeof objectiveFrom>[0][]) => names.map(objectiveFrom);
const THREE = objectives('loss', 'parameters', 'pixels');
const TIGHT = parseGenomeBounds({ classes: 7, maximumParameters: 4000, maximumMacs: 400_000 });
const MANY_PATCHES = parseGenomeBounds({ classes: 3, minimumPatches: 3, maximumPatches: 12, minimumSide: 4 });

/** Results arrive in a fixed order that is neither the first nor the last; some fail. */
function decisionsOf(own: Partial<SearchSettings>, workers: number, generations: number): unknown {
  const { log } = work({
    settings: { ...asynchronous, objectives: THREE, ...own },
    workers,
    generations,
    next: (open) => Math.floor(open.length / 3),
    fails: ({ training }) => training % 23 === 22,
  });
  return log;
}

function proposalsOf(
  name: keyof typeof samplers,
  generations: number,
  own: Partial<SearchSettings>,
): unknown {
  const changed = { ...generational, objectives: THREE, ...own };
  return statesOf(samplers[name], generations, { ...changed, fails: (place) => place % 7 === 6 });
}

const found: Record<keyof typeof GOLDEN, () => unknown> = {
  'asynchronous, plain': () => decisionsOf({}, 5, 6),
  'asynchronous, many workers': () => decisionsOf({ population: 60 }, 70, 3),
  'asynchronous, tight bounds': () => decisionsOf({ bounds: TIGHT, adaptive: false }, 12, 4),
  'asynchronous, screened': () => decisionsOf({ population: 4, surrogate: true }, 3, 2),
  'nsga2, plain': () => proposalsOf('nsga2', 8, {}),
  'nsga2, four objectives': () => {
    const four = objectives('error', 'macs', 'parameters', 'pixels');
    return proposalsOf('nsga2', 6, { bounds: MANY_PATCHES, objectives: four });
  },
  'nsga2, screened': () => proposalsOf('nsga2', 4, { surrogate: true }),
  'aging, screened': () => proposalsOf('aging', 4, { surrogate: true, bounds: TIGHT }),
  'random, plain': () => proposalsOf('random', 4, { bounds: MANY_PATCHES }),
};

describe('the same seeds give the same decisions', () => {
  test.each(Object.keys(GOLDEN) as (keyof typeof GOLDEN)[])('%s', { timeout: 60_000 }, (name) => {
    expect(contentHash(found[name]()).slice(0, 32)).toBe(GOLDEN[name]);
  });
});
