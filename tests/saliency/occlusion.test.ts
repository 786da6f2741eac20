import { beforeAll, describe, expect, test } from 'vitest';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { subsetOf } from '../../src/data/subset.ts';
import { canonicalPatches, rectanglesOf } from '../../src/genome/patches.ts';
import { baselineSpec } from '../../src/genome/whole-face.ts';
import { readPixels } from '../../src/network/read-pixels.ts';
import { measure } from '../../src/nn/measure.ts';
import { Network } from '../../src/nn/network.ts';
import { frameStatistics, type Samples } from '../../src/nn/samples.ts';
import { meanLook, predictHidden, samplesFor } from '../../src/saliency/hidden-pixels.ts';
import { occlusion, pixelsOf } from '../../src/saliency/occlusion.ts';
import { drawnFaces, THREE_PATCHES, trainedPatches } from './networks.ts';

let dataset: Dataset;
let network: Network;
let indices: Uint32Array;
let samples: Samples;
let asked: { network: Network; dataset: Dataset; indices: Uint32Array };
beforeAll(async () => {
  dataset = drawnFaces();
  network = await trainedPatches(dataset);
  indices = indicesOf(dataset, 'validation');
  asked = { network, dataset, indices };
  samples = samplesFor(asked);
});

describe('predictHidden', () => {
  test('changes no bit if nothing is hidden', () => {
    const look = meanLook(network, samples, indices);
    expect(predictHidden(network, samples, indices, [], look)).toEqual(network.predict(samples, indices));
  });

  test('changes no bit if the hidden pixels are not read', () => {
    const read = readPixels(network.spec);
    const unread = [...read.keys()].filter((pixel) => read[pixel] === 0);
    expect(unread.length).toBeGreaterThan(3000);
    const mean = meanLook(network, samples, indices);
    const look = { ...mean, values: mean.values.map((value) => value + 3) };
    expect(predictHidden(network, samples, indices, unread, look)).toEqual(network.predict(samples, indices));
  });

  test('gives every face the answer of the mean face if everything is hidden', () => {
    const look = meanLook(network, samples, indices);
    const all = Array.from(look.values.keys());
    const hidden = predictHidden(network, samples, indices, all, look);
    // The mean face as a picture of its own, with much contrast, so that rounding to grey levels hardly shows.
    const frames = Uint8Array.from(look.values, (value) => Math.round(128 + 40 * value));
    const meanFace = { ...samples, frames, statistics: Float32Array.of(128, 1 / 40) };
    const expected = network.predict(meanFace, Uint32Array.of(0));
    for (let i = 0; i < indices.length; i++) {
      for (let k = 0; k < samples.classes; k++) {
        expect(Math.abs(hidden[i * samples.classes + k] - expected[k])).toBeLessThan(0.06);
      }
    }
  });

  test('uses plain grey levels if the network reads those', () => {
    const layers = network.spec.layers.map((layer) =>
      layer.kind === 'crop' ? { ...layer, levels: 'signed' as const } : layer,
    );
    const fixed = new Network(network.engine, { ...network.spec, layers }, network.weights);
    const look = meanLook(fixed, samples, indices);
    const pixel = 40 * 64 + 30;
    const greys = Array.from(indices, (i) => samples.frames[i * 4096 + pixel]);
    expect(look.values[pixel]).toBeCloseTo(greys.reduce((a, b) => a + b) / greys.length, 8);
    const all = Array.from(look.values.keys());
    const hidden = predictHidden(fixed, samples, indices, all, look);
    const face = { ...samples, frames: Uint8Array.from(look.values, Math.round) };
    const expected = fixed.predict(face, Uint32Array.of(0));
    for (let i = 0; i < indices.length; i++) expect(hidden.subarray(7 * i, 7 * i + 7)).toEqual(expected);
  });

  test('replaces pixels by the mean of the normalised frames, and works in pieces', () => {
    const few = Uint32Array.of(3, 5, 8);
    const look = meanLook(network, samples, few);
    const statistics = frameStatistics(samples);
    const pixel = 32 * 64 + 20;
    const normalised = [...few].map(
      (i) => (samples.frames[i * 4096 + pixel] - statistics[2 * i]) * statistics[2 * i + 1],
    );
    expect(look.values[pixel]).toBeCloseTo(normalised.reduce((a, b) => a + b) / 3, 10);
    const many = Uint32Array.from({ length: 1100 }, (_, i) => i % dataset.count); // more than one piece
    const pixels = pixelsOf([{ x: 20, y: 20, width: 9, height: 9 }], 64);
    const result = predictHidden(network, samples, many, pixels, look);
    for (const i of [0, 399, 400, 1023, 1024, 1099]) {
      const alone = predictHidden(network, samples, many.subarray(i, i + 1), pixels, look);
      expect(result.subarray(7 * i, 7 * i + 7)).toEqual(alone);
    }
  });
});

describe('occlusion', () => {
  test('by squares is 0 on unread pixels, and positive on read ones', async () => {
    const shares: number[] = [];
    const result = await occlusion({ ...asked, onProgress: (share) => shares.push(share) });
    expect(result.areas).toHaveLength(15 * 15);
    expect(shares.at(-1)).toBe(1);
    const read = readPixels(network.spec);
    const maps = [result, ...result.perClass].flatMap((one) => [one.accuracyLoss, one.lossRise]);
    for (const { size, values } of maps) {
      expect(size).toBe(64);
      for (const [pixel, value] of values.entries()) if (read[pixel] === 0) expect(value).toBe(0);
    }
    expect(Math.max(...result.lossRise.values)).toBeGreaterThan(0.05);
    expect(result.accuracy).toBeGreaterThan(0.5);
  });

  test('equals a measurement of changed frames, and gives each pixel the mean over its squares', async () => {
    const hide = { square: 30, step: 17 }; // starts 0, 17, 34
    const result = await occlusion({ ...asked, hide });
    expect(result.areas.map(({ rectangles: [{ x, y }] }) => [x, y])).toEqual(
      [0, 17, 34].flatMap((y) => [0, 17, 34].map((x) => [x, y])),
    );
    const look = meanLook(network, samples, indices);
    const whole = measure(network.predict(samples, indices), samples.labels, indices, 7);
    expect(result).toMatchObject({ samples: whole.samples, accuracy: whole.accuracy });
    expect(result.loss).toBeCloseTo(whole.loss, 10);
    for (const area of result.areas) {
      const probabilities = predictHidden(network, samples, indices, pixelsOf(area.rectangles, 64), look);
      const hidden = measure(probabilities, samples.labels, indices, 7);
      expect(area.accuracyLoss).toBeCloseTo(whole.accuracy - hidden.accuracy, 12);
      expect(area.lossRise).toBeCloseTo(hidden.loss - whole.loss, 10);
    }
    const [x, y] = [25, 26]; // read by the pair, under four squares
    const over = result.areas.filter(({ rectangles: [one] }) => {
      return one.x <= x && x < one.x + 30 && one.y <= y && y < one.y + 30;
    });
    expect(over).toHaveLength(4);
    const mean = over.reduce((sum, { lossRise }) => sum + lossRise / 4, 0);
    expect(result.lossRise.values[y * 64 + x]).toBeCloseTo(mean, 12);
  });

  test('over classes adds up to that over all faces', async () => {
    const result = await occlusion({ ...asked, hide: { square: 16, step: 16 } });
    const summed = (pick: (one: (typeof result.perClass)[number]) => number) =>
      result.perClass.reduce((sum, one) => sum + one.samples * pick(one), 0) / result.samples;
    expect(result.perClass.map((one) => one.class)).toEqual(dataset.classes);
    expect(summed(({ accuracy }) => accuracy)).toBeCloseTo(result.accuracy, 12);
    for (const [pixel, value] of result.accuracyLoss.values.entries()) {
      expect(summed(({ accuracyLoss }) => accuracyLoss.values[pixel])).toBeCloseTo(value, 10);
    }
    for (const area of result.areas) {
      const sum = area.perClass.reduce(
        (total, cost, i) => total + result.perClass[i].samples * cost.lossRise,
        0,
      );
      expect(sum / result.samples).toBeCloseTo(area.lossRise, 10);
    }
  });

  test('by patches hides both halves of a pair at once', async () => {
    const { patches } = THREE_PATCHES;
    const result = await occlusion({ ...asked, hide: { patches } });
    const canonical = canonicalPatches(patches);
    expect(result.areas.map(({ rectangles }) => rectangles)).toEqual(
      canonical.map((patch) => rectanglesOf(patch, dataset.frame)),
    );
    for (const { rectangles, lossRise } of result.areas) {
      for (const pixel of pixelsOf(rectangles, 64)) expect(result.lossRise.values[pixel]).toBe(lossRise);
    }
    const [forehead, eyes, mouth] = result.areas.map(({ lossRise }) => lossRise);
    expect(Math.min(eyes, mouth)).toBeGreaterThan(forehead);
  });

  test('does not depend on the rest of the data set', async () => {
    const hide = { square: 32, step: 32 };
    const once = await occlusion({ ...asked, hide });
    const alone = subsetOf(dataset, indices);
    const again = await occlusion({
      network,
      dataset: alone,
      indices: Uint32Array.from({ length: alone.count }, (_, i) => i),
      hide,
    });
    expect(again).toEqual(once);
  });

  test('refuses faces and squares that do not fit', async () => {
    const code = (wanted: string, data = {}) =>
      expect.objectContaining({ code: wanted, data: expect.objectContaining(data) });
    await expect(occlusion({ ...asked, hide: { square: 65, step: 4 } })).rejects.toEqual(
      code('INVALID_OPTION', { option: 'square', given: 65 }),
    );
    await expect(occlusion({ ...asked, hide: { square: 8, step: 0 } })).rejects.toEqual(
      code('INVALID_OPTION', { option: 'step' }),
    );
    await expect(occlusion({ ...asked, indices: new Uint32Array(0) })).rejects.toEqual(code('INVALID_DATA'));
    const fewer = { ...dataset, classes: ['a', 'b'] };
    await expect(occlusion({ ...asked, dataset: fewer })).rejects.toEqual(code('INVALID_DATA'));
    await expect(occlusion({ ...asked, signal: AbortSignal.abort() })).rejects.toEqual(code('ABORTED'));
  });
});

test('readPixels are the pixels of the crops', () => {
  const { frame } = dataset;
  const face = readPixels(baselineSpec({ classes: 7, frame }));
  expect(face.filter((one) => one === 1)).toHaveLength(48 * 48);
  const patches = canonicalPatches(THREE_PATCHES.patches).flatMap((patch) => rectanglesOf(patch, frame));
  const read = readPixels(network.spec);
  expect([...read.keys()].filter((pixel) => read[pixel] === 1)).toEqual(pixelsOf(patches, frame.size));
});
