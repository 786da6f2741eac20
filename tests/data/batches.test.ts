import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gatherBatches } from '../../src/data/batches.ts';
import type { LabelledPicture } from '../../src/data/face-source.ts';

async function* picturesOf(sides: readonly number[]): AsyncGenerator<LabelledPicture> {
  for (const [row, side] of sides.entries()) {
    const picture = { pixels: new Uint8Array(side * side), width: side, height: side };
    yield { picture, label: String(0), split: 'train', row };
  }
}

it('gathers pictures in order, each batch as full as its limits allow', async () => {
  const limits = { pictures: 4, bytes: 600 };
  const sides = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(sides, async (list) => {
      const batches: (readonly LabelledPicture[])[] = [];
      for await (const batch of gatherBatches(picturesOf(list), limits)) batches.push(batch);
      expect(batches.flat().map(({ row }) => row)).toEqual([...list.keys()]);
      const bytesOf = (pictures: readonly LabelledPicture[]) =>
        pictures.reduce((sum, { picture }) => sum + 3 * picture.pixels.length, 0);
      for (const [i, batch] of batches.entries()) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(limits.pictures);
        expect(batch.length === 1 || bytesOf(batch) <= limits.bytes).toBe(true);
        if (i + 1 === batches.length) continue;
        const longer = [...batch, batches[i + 1][0]];
        expect(longer.length > limits.pictures || bytesOf(longer) > limits.bytes).toBe(true);
      }
    }),
  );
});
