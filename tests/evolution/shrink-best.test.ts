import { expect, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { withoutEachPatch } from '../../src/genome/smaller-genomes.ts';
import type { EvolutionResult, Finalist } from '../../src/run/result.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const dataset = tinyFaces({ train: 96, validation: 48 });
const bounds = { minimumSide: 4, maximumSide: 10, maximumParameters: 6000 };
const run = (seed: string, prefer: 'smallest' | 'pixels' | 'accurate') =>
  evolvePatches({
    dataset,
    seed,
    prefer,
    bounds,
    population: 6,
    generations: 2,
    workers: 0,
    controls: 'none',
    margin: 0.15,
    fitness: { epochs: 1 },
    final: { epochs: 2 },
    finalists: 4,
  });

/** Whether a finalist is as good as the result needs: not worse than the baseline, as the chosen one is. */
const holds = ({ difference }: Finalist) => difference?.notWorse === true;

function withoutPatches(result: EvolutionResult): (Finalist | undefined)[] {
  const target = parseGenomeBounds({ ...bounds, classes: dataset.classes.length, frame: dataset.frame });
  return withoutEachPatch(result.best.genome, target).map((genome) =>
    result.finalists.find(({ hash }) => hash === genomeHash(genome)),
  );
}

test.each(['a', 'b', 'c', 'd'])('no result has a patch that could go, seed %s', async (seed) => {
  const result = await run(seed, 'smallest');
  const chosen = result.finalists.find(({ hash }) => hash === result.best.hash);
  for (const smaller of withoutPatches(result)) {
    expect(smaller).toBeDefined();
    if (chosen && holds(chosen) && smaller) expect(holds(smaller)).toBe(false);
  }
  const size = ({ coveredPixels, parameters }: Finalist) => coveredPixels * parameters;
  const holding = result.finalists.filter(holds);
  if (chosen && holding.length > 0) expect(size(chosen)).toBe(Math.min(...holding.map(size)));
});

test('nothing is made smaller where accuracy alone counts', async () => {
  const result = await run('a', 'accurate');
  expect(result.finalists.length).toBeLessThanOrEqual(4);
  const accuracies = result.finalists.map(({ validationAccuracy }) => validationAccuracy);
  expect(result.best.validationAccuracy).toBe(Math.max(...accuracies));
});
