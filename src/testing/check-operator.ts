import assert from 'node:assert/strict';
import { type RandomStream, randomStream } from '../core/random.ts';
import { type GenomeBounds, parseGenomeBounds, violationOf } from '../genome/bounds.ts';
import { canonicalGenome } from '../genome/canonical.ts';
import type { Genome } from '../genome/genome.ts';
import type { GenomeOperator } from '../genome/operators.ts';
import { randomGenome } from '../genome/random.ts';

const GENOMES = 200;

/**
 * Checks what evopatch relies on in a genome operator, on 200 random genomes: a name and a weight; the same child from the same
 * random stream; the parents left as they are; and that at least one child in ten is a new genome within the bounds.
 *
 * @param bounds what genomes must stay within. @defaultValue the defaults, for seven classes
 * @throws AssertionError that says what is wrong.
 */
export function checkOperator(
  operator: GenomeOperator,
  bounds: GenomeBounds = parseGenomeBounds({ classes: 7 }),
): void {
  assert.ok(typeof operator.name === 'string' && operator.name !== '', 'name: give a text');
  assert.ok(Number.isFinite(operator.weight) && operator.weight >= 0, 'weight: give a finite number from 0');
  let useful = 0;
  for (let index = 0; index < GENOMES; index++) {
    const parents = ['first', 'second'].map((which) =>
      canonicalGenome(randomGenome(bounds, randomStream('check operator', index, which))),
    ) as [Genome, Genome];
    const before = structuredClone(parents);
    const child = applied(operator, parents, bounds, randomStream('check operator', index));
    assert.deepEqual(parents, before, 'apply: leave the parents as they are');
    const again = applied(operator, parents, bounds, randomStream('check operator', index));
    assert.deepEqual(again, child, 'apply: take all chance from the random stream');
    if (child !== null && isNew(child, parents[0], bounds)) useful++;
  }
  assert.ok(
    useful >= GENOMES / 10,
    `apply: only ${useful} of ${GENOMES} children are new genomes within the bounds`,
  );
}

function applied(
  operator: GenomeOperator,
  [first, second]: readonly [Genome, Genome],
  bounds: GenomeBounds,
  random: RandomStream,
): Genome | null {
  return operator.kind === 'mutation'
    ? operator.apply(first, bounds, random)
    : operator.apply(first, second, bounds, random);
}

function isNew(child: Genome, parent: Genome, bounds: GenomeBounds): boolean {
  const canonical = canonicalGenome(child);
  return !violationOf(canonical, bounds) && JSON.stringify(canonical) !== JSON.stringify(parent);
}
