import { expect, test } from 'vitest';
import { EYES_AND_MOUTH } from '../../src/bench/untrained-model.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { growNetwork } from '../../src/genome/grow.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { chosenOrigin } from '../../src/report/chosen-origin.ts';
import type { BestGenome, ScoredGenome } from '../../src/run/result.ts';

const bounds = parseGenomeBounds({ frame: FACE_FRAME, classes: 7 });
const grown = growNetwork(EYES_AND_MOUTH, bounds);
const other: Genome = { ...EYES_AND_MOUTH, patches: EYES_AND_MOUTH.patches.slice(0, 1) };

function member(genome: Genome, loss: number): ScoredGenome {
  return { genome, hash: genomeHash(genome), loss } as ScoredGenome;
}
const chosen = (genome: Genome) => ({ genome, hash: genomeHash(genome) }) as BestGenome;

test('finds the chosen genome on the front, or the member whose patches it has, or neither', () => {
  const front = [member(other, 1), member(EYES_AND_MOUTH, 1.2)];
  expect(grown).not.toEqual(EYES_AND_MOUTH);
  expect(chosenOrigin({ best: chosen(other), front })).toEqual({ kind: 'on the front', hash: front[0].hash });
  expect(chosenOrigin({ best: chosen(grown), front })).toEqual({
    kind: 'patches from the front',
    hash: front[1].hash,
  });
  expect(chosenOrigin({ best: chosen(grown), front: front.slice(0, 1) })).toEqual({ kind: 'elsewhere' });
  expect(chosenOrigin({ best: null, front })).toEqual({ kind: 'elsewhere' });
});

test('prefers the lowest loss among members with the same patches', () => {
  const wider: Genome = { ...EYES_AND_MOUTH, network: { ...EYES_AND_MOUTH.network, denseUnits: 16 } };
  const front = [member(wider, 1.3), member(EYES_AND_MOUTH, 1.2)];
  expect(chosenOrigin({ best: chosen(grown), front })).toMatchObject({ hash: front[1].hash });
});
