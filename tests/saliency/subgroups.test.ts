import { beforeAll, describe, expect, test } from 'vitest';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { faceRegions, regionMask } from '../../src/landmarks/face-regions.ts';
import { measure } from '../../src/nn/measure.ts';
import type { Network } from '../../src/nn/network.ts';
import { samplesFor } from '../../src/saliency/hidden-pixels.ts';
import { subgroups } from '../../src/saliency/subgroups.ts';
import { drawnFaces, trainedPatches } from './networks.ts';

let dataset: Dataset;
let network: Network;
let indices: Uint32Array;
let right: boolean[];
beforeAll(async () => {
  dataset = drawnFaces();
  network = await trainedPatches(dataset);
  indices = indicesOf(dataset, 'validation');
  const samples = samplesFor({ network, dataset, indices });
  const { predictions } = measure(
    network.predict(samples, indices),
    samples.labels,
    indices,
    samples.classes,
  );
  right = [...indices].map((sample, i) => predictions[i] === dataset.labels[sample]);
});

/** The faces divided by what is said of the ith one that is asked about. */
const by = (values: string[], group: (i: number) => number) => {
  const of = new Int32Array(dataset.count);
  for (const [i, sample] of indices.entries()) of[sample] = group(i);
  const { subjects: _, ...rest } = dataset;
  return subgroups({
    network,
    dataset: { ...rest, groups: new Map([['set', { values, of }]]) },
    indices,
    by: 'set',
  });
};

describe('subgroups', () => {
  test('measure each group, and add up to all faces', async () => {
    const { groups, warnings } = await by(['a', 'b'], (i) => i % 2);
    const sum = groups.reduce((total, { samples, accuracy }) => total + samples * accuracy, 0);
    expect(sum).toBeCloseTo(right.filter(Boolean).length, 8);
    for (const { name, samples, accuracy, interval95, few } of groups) {
      const own = right.filter((_, i) => 'ab'[i % 2] === name);
      expect([samples, few]).toEqual([own.length, false]);
      expect(accuracy).toBeCloseTo(own.filter(Boolean).length / own.length, 12);
      expect(interval95[0]).toBeLessThan(accuracy);
      expect(interval95[1]).toBeGreaterThan(accuracy);
    }
    expect(warnings).toEqual([]);
  });

  test('find a gap only if there is one', async () => {
    // Of every three right answers two are of group a, and of the wrong ones one.
    const real = await by(['a', 'b'], (i) => (right[i] === i % 3 > 0 ? 0 : 1));
    expect(real.gap).toMatchObject({ best: 'a', worst: 'b' });
    expect(real.gap!.estimate).toBeGreaterThan(0.1);
    expect(real.gap!.interval95[0]).toBeGreaterThan(0);
    expect(real.gap!.pValue).toBeLessThan(0.01);
    const none = await by(['a', 'b'], (i) => i % 2);
    expect(none.gap!.pValue).toBeGreaterThan(0.05);
    expect((await by(['a', 'b'], (i) => i % 2)).gap).toEqual(none.gap);
  });

  test('do not mistake the mix of classes for a gap', async () => {
    // One group is the classes that the network knows best: all of the gap is theirs.
    const labels = [...indices].map((sample) => dataset.labels[sample]);
    const recall = dataset.classes.map((_, label) => {
      const own = right.filter((_answer, i) => labels[i] === label);
      return own.filter(Boolean).length / own.length;
    });
    const sorted = [...recall.keys()].sort((a, b) => recall[a] - recall[b]);
    const mixed = await by(['hard', 'easy'], (i) => (sorted.indexOf(labels[i]) < 3 ? 0 : 1));
    expect(mixed.gap!.estimate).toBeGreaterThan(0.1);
    expect(mixed.gap!.pValue).toBe(1);
  });

  test('warn about small groups and leave them out of the gap', async () => {
    const { groups, gap, warnings } = await by(['a', 'b', 'c'], (i) => (i < 5 ? 2 : i % 2));
    expect(groups.map(({ name, few }) => [name, few])).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
    ]);
    expect([gap?.best, gap?.worst].sort()).toEqual(['a', 'b']);
    expect(warnings).toEqual([expect.stringMatching(/^fewer than 30 faces.*: c$/)]);
    expect((await by(['a', 'b'], (i) => (i < 5 ? 1 : 0))).gap).toBeNull();
    const people = await subgroups({ network, dataset, indices, by: 'subject' });
    expect(people.warnings[0]).toMatch(/and \d+ more$/);
    expect(people.gap).toBeNull();
  });

  test('show where the network looks, for each group', async () => {
    const regions = faceRegions();
    const { subjects, ...rest } = dataset;
    const set = { values: ['a', 'b'], of: Int32Array.from({ length: dataset.count }, (_, i) => i % 2) };
    const asked: number[] = [];
    const result = await subgroups({
      network,
      dataset: { ...rest, subjects, groups: new Map([['set', set]]) },
      indices,
      by: 'set',
      attention: (part) => {
        asked.push(part.length);
        return regionMask(regions, part[0] % 2 === 0 ? 'eyes' : 'mouth');
      },
    });
    expect(asked).toEqual(result.groups.map(({ samples }) => samples));
    const lookedAt = result.groups.map(
      ({ attention }) => attention?.find(({ share }) => share === 1)?.region,
    );
    expect(lookedAt).toEqual(['eyes', 'mouth']);
    expect(result.warnings).toEqual([expect.stringContaining('one person')]);
  });

  test('refuse a missing column', async () => {
    await expect(subgroups({ network, dataset, indices, by: 'age' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data: { option: 'by', given: 'age', hint: 'These data have subject' },
    });
  });
});
