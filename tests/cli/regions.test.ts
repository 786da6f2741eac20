import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { baselineSpec } from '../../src/genome/whole-face.ts';
import { FACE_REGIONS } from '../../src/landmarks/face-regions.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { drawnFaces, THREE_PATCHES, trainedPatches, trainOn } from '../saliency/networks.ts';
import { evopatch, inProcess } from './program.ts';

let folder: string;
let model: string;
let plain: string;
let people: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  model = join(folder, 'patches.safetensors');
  plain = join(folder, 'baseline.safetensors');
  people = join(folder, 'people.csv');
  const dataset = drawnFaces();
  const { classes, frame } = dataset;
  const save = { classes, frame, info: { align: 'none' } };
  await saveModel(model, { network: await trainedPatches(dataset), genome: THREE_PATCHES, ...save });
  const tiny = { ...dataset, splits: dataset.splits.map((split, i) => (i < 32 ? 0 : split || 1)) };
  await saveModel(plain, { network: await trainOn(tiny, baselineSpec({ classes: 7, frame }), 1), ...save });
  await writeFile(people, await manifestOf(dataset));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** Every fifth drawn face as a picture, with a gender, an age and a column that needs escaping. */
async function manifestOf({ frames, labels, classes, frame: { size, border } }: Dataset): Promise<string> {
  const lines = ['path,label,split,gender,age'];
  for (let sample = 0; sample < 120; sample++) {
    const pixels = frames.subarray(sample * size * size, (sample + 1) * size * size);
    const face = { left: border, top: border, width: size - 2 * border, height: size - 2 * border };
    const picture = sharp(Uint8Array.from(pixels), { raw: { width: size, height: size, channels: 1 } });
    await picture
      .extract(face)
      .png()
      .toFile(join(folder, `${sample}.png`));
    const gender = sample < 5 ? '' : 'fm'[sample % 2];
    lines.push(`${sample}.png,${classes[labels[sample]]},test,${gender},${18 + (sample % 40)}`);
  }
  return lines.join('\n');
}

describe('regions', () => {
  const data = ['--data', 'synthetic:350', '--align', 'similarity', '--split', 'all'];

  test('shows the parts of the face, what people do, and each patch', async () => {
    const { code, stdout } = await inProcess('regions', '--model', model, ...data, '--step', '8');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^350 faces \(all\); map: occlusion$/m);
    for (const region of FACE_REGIONS) expect(stdout).toMatch(new RegExp(`^${region} +\\d+\\.\\d %`, 'm'));
    expect(stdout).toMatch(/^background +0\.\d %/m);
    expect(stdout).toMatch(/^happy +mouth .+(agrees|disagrees|undecided)$/m);
    expect(stdout).toContain('PLOS ONE 12(5)');
    expect(stdout).toMatch(/^20×14 at \(0, \+9\) +280 .+p < 0\.001/m);
    expect(stdout).toMatch(/^all patches /m);
  });

  test('gives the numbers as JSON', async () => {
    const args = ['regions', '--model', model, ...data, '--map', 'patches', '--json'];
    const { all, perClass, findings, ablation, map, samples } = JSON.parse((await evopatch(...args)).stdout);
    expect({ map, samples }).toEqual({ map: 'patches', samples: 350 });
    expect(all.reduce((sum: number, { share }: { share: number }) => sum + share, 0)).toBeCloseTo(1, 10);
    expect(perClass).toHaveLength(7);
    expect(findings).toHaveLength(4);
    expect(ablation.without).toHaveLength(3);
    expect(ablation.none.accuracy).toBeLessThan(ablation.whole.accuracy);
  });

  test('takes the gradients of the network for a map', async () => {
    const args = ['regions', '--model', model, ...data, '--map', 'guided', '--json'];
    const { all, perClass, map } = JSON.parse((await evopatch(...args)).stdout);
    expect(map).toBe('guided');
    for (const shares of [all, ...perClass.map((one: { shares: unknown }) => one.shares)]) {
      expect(shares.reduce((sum: number, { share }: { share: number }) => sum + share, 0)).toBeCloseTo(1, 10);
    }
  });

  test('does without patches where there are none, and says so where they are asked for', async () => {
    const args = ['regions', '--model', plain, '--data', 'synthetic:35', '--align', 'similarity'];
    const { code, stdout } = await evopatch(
      ...args,
      '--split',
      'all',
      '--square',
      '16',
      '--step',
      '16',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).ablation).toBeNull();
    const refused = await evopatch(...args, '--map', 'patches');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('no patches to hide') });
  });
});

describe('evaluate --by', () => {
  const evaluate = (...args: string[]) => {
    return inProcess('evaluate', '--model', model, '--data', people, '--cache', 'none', ...args);
  };

  test('measures each group, with the gap and what to know of it', async () => {
    const { code, stdout } = await evaluate('--by', 'gender', '--attention');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^gender +faces +accuracy/m);
    expect(stdout).toMatch(/^f +57 .+%/m);
    expect(stdout).toMatch(/^unknown \(few\) +5 /m);
    expect(stdout).toMatch(/^gender: looks at +brows/m);
    expect(stdout).toMatch(/^Largest gap: [fm] over [fm] by /m);
    expect(stdout).toContain('Note: fewer than 30 faces, too few to conclude from: unknown.');
  });

  test('divides numbers into ranges and gives JSON', async () => {
    const { subgroups } = JSON.parse((await evaluate('--by', 'age', '--json')).stdout);
    expect(subgroups.groups.map(({ name }: { name: string }) => name)).toEqual([
      '18 to 27',
      '28 to 37',
      '38 to 47',
      '48 to 57',
    ]);
    expect(subgroups.gap.pValue).toBeGreaterThan(0);
    expect(subgroups.groups[0]).not.toHaveProperty('attention');
  });

  test('says which columns there are, and what attention needs', async () => {
    const unknown = await evaluate('--by', 'sex');
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('These data have gender, age'),
    });
    const alone = await evaluate('--attention');
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('Give --by COLUMN') });
  });
});
