import { describe, expect, test } from 'vitest';
import { indicesOf } from '../../src/data/dataset.ts';
import { occlusion } from '../../src/saliency/occlusion.ts';
import { regionShares, shareOf } from '../../src/saliency/region-shares.ts';
import { occlusionMaps, regionTable } from '../../src/saliency/region-table.ts';
import { drawnFaces, trainedPatches } from './networks.ts';

describe('regionTable', () => {
  test('of an occlusion lies on the patches for every class', async () => {
    const dataset = drawnFaces();
    const network = await trainedPatches(dataset);
    const found = await occlusion({ network, dataset, indices: indicesOf(dataset, 'validation') });
    const { all, perClass, findings } = regionTable(occlusionMaps(found));
    expect(all).toEqual(regionShares(found.lossRise));
    expect(perClass.map((one) => one.class)).toEqual(dataset.classes);
    for (const { samples, shares } of perClass) {
      expect(samples).toBeGreaterThan(10);
      expect(shares!.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(shareOf(shares!, 'background')).toBeLessThan(0.05);
    }
    expect(shareOf(all!, 'brows', 'eyes', 'mouth')).toBeGreaterThan(0.5);
    expect(findings.map((finding) => finding.class)).toEqual(['sad', 'fear', 'disgust', 'happy']);
  });

  test('has no shares for a class without faces or a map', () => {
    const size = 64;
    const grid = { size, values: new Float64Array(size * size).fill(1) };
    const empty = { size, values: new Float64Array(size * size) };
    const { perClass, findings } = regionTable({
      grid,
      perClass: [
        { class: 'sad', samples: 0, grid },
        { class: 'happy', samples: 9, grid: empty },
        { class: 'fear', samples: 9, grid },
      ],
    });
    expect(perClass.map(({ shares }) => shares === null)).toEqual([true, true, false]);
    expect(findings).toMatchObject([{ expression: 'fear', verdict: 'undecided' }]);
  });
});
