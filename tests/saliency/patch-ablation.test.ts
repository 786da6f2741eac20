import { beforeAll, describe, expect, test } from 'vitest';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import type { Network } from '../../src/nn/network.ts';
import { occlusion } from '../../src/saliency/occlusion.ts';
import { patchAblation } from '../../src/saliency/patch-ablation.ts';
import { drawnFaces, THREE_PATCHES, trainedPatches } from './networks.ts';

let dataset: Dataset;
let network: Network;
let asked: { network: Network; dataset: Dataset; indices: Uint32Array };
beforeAll(async () => {
  dataset = drawnFaces();
  network = await trainedPatches(dataset);
  asked = { network, dataset, indices: indicesOf(dataset, 'validation') };
});

describe('patchAblation', () => {
  test('equals the occlusion by patches, with a paired test', async () => {
    const { whole, without, none } = patchAblation({ ...asked, genome: THREE_PATCHES });
    const { areas, accuracy, loss } = await occlusion({ ...asked, hide: THREE_PATCHES });
    expect(whole).toEqual({ samples: asked.indices.length, accuracy, loss });
    for (const [index, row] of without.entries()) {
      expect(row.rectangles).toEqual(areas[index].rectangles);
      expect(row.accuracy).toBeCloseTo(whole.accuracy - areas[index].accuracyLoss, 12);
      expect(row.loss).toBeCloseTo(whole.loss + areas[index].lossRise, 12);
      expect(row.difference.estimate).toBeCloseTo(row.accuracy - whole.accuracy, 12);
      const { gained, lost } = row.difference;
      expect((gained - lost) / whole.samples).toBeCloseTo(row.difference.estimate, 12);
    }
    // The forehead says little, eyes and mouth much, and without any there is nothing left to know.
    const [forehead, eyes, mouth] = without;
    expect(forehead.difference.pValue).toBeGreaterThan(eyes.difference.pValue);
    expect(mouth.difference.interval95[1]).toBeLessThan(0);
    expect(Math.min(eyes.loss, mouth.loss)).toBeGreaterThan(forehead.loss);
    expect(none.accuracy).toBeLessThan(0.3);
    expect(none.accuracy).toBeLessThanOrEqual(Math.min(...without.map((row) => row.accuracy)));
  });

  test('counts the pixels that only one patch reads', () => {
    const single = { mirrored: false, scale: 1 } as const;
    const patches = [
      { dx: 0, dy: 0, width: 10, height: 10, ...single },
      { dx: 5, dy: 0, width: 10, height: 10, ...single },
      { dx: -10, dy: -13, width: 14, height: 14, mirrored: true, scale: 1 } as const,
    ];
    const { without } = patchAblation({ ...asked, genome: { patches } });
    expect(without.map(({ patch, ownPixels }) => [patch.dy, ownPixels])).toEqual([
      [-13, 2 * 14 * 14],
      [0, 50],
      [0, 50],
    ]);
  });

  test('refuses a network for other classes', () => {
    const other = { ...asked, dataset: { ...dataset, classes: ['a', 'b'] }, genome: THREE_PATCHES };
    expect(() => patchAblation(other)).toThrow(expect.objectContaining({ code: 'INVALID_DATA' }));
  });
});
