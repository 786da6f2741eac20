import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import type { PredictedFace } from '../../src/prediction/prediction.ts';
import { someModel } from '../prediction/models.ts';
import { evopatch, start } from './program.ts';

const SIDE = 64;
const faces = syntheticFaces({ count: 70, align: 'nose' });
const greys = (i: number) => faces.frames.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
const pixels = (i: number) => greys(i).join(' ');

let folder: string;
let model: string;
let expected: PredictedFace[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evopatch-rows-'));
  model = join(folder, 'model.safetensors');
  await saveModel(model, await someModel());
  const reader = await someModel();
  expected = [];
  for (const i of [0, 1]) {
    const [face] = await reader.predictFaces({ pixels: greys(i), width: SIDE, height: SIDE });
    expected.push(face);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const save = (name: string, content: string | Uint8Array) => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
const predict = (...args: string[]) => evopatch('predict', ...args, '--model', model);

describe('the rows of a csv of pixels', () => {
  test.each([
    ['without labels', 'pixels', (i: number) => pixels(i)],
    ['with labels', 'emotion,pixels,Usage', (i: number) => `${i},"${pixels(i)}",Training`],
    ['with labels and splits that say nothing', 'Usage;emotion;pixels', (i: number) => `?;;${pixels(i)}`],
  ])('are faces: %s', async (name, header, row) => {
    const file = save(`${name}.csv.gz`, gzipSync([header, row(0), '', row(1)].join('\n')));
    const { code, stdout } = await predict(file, '--json', '--faces', 'ssd');
    expect(code).toBe(0);
    const { photos, summary } = JSON.parse(stdout);
    expect(summary).toEqual({ pictures: 2, faces: 2, withoutFace: 0, failed: 0 });
    const plain = expected.map(({ points: _, ...face }) => face);
    expect(photos).toEqual(
      [2, 4].map((line, i) => ({
        file: `${file}:${line}`,
        width: SIDE,
        height: SIDE,
        faces: [JSON.parse(JSON.stringify(plain[i]))],
      })),
    );
  });

  test('are printed as text and as csv; a wrong one does not stop the others', async () => {
    const file = save('faces.csv', ['pixels', pixels(0), '1 2 3', pixels(1), '4 5 x'].join('\n'));
    const csv = join(folder, 'predictions.csv');
    const { code, stdout, stderr } = await predict(file, '--csv', csv);
    expect(code).toBe(1);
    expect(stdout).toContain(`${file}:2: 1 face\n`);
    expect(stdout).toContain(`${file}:4: 1 face\n`);
    expect(stdout).toContain('2 pictures read, 2 faces, 2 cannot be read');
    expect(stderr).toContain(`skipped: ${file}, row 3`);
    const rows: Record<string, string>[] = parse(readFileSync(csv), { columns: true });
    expect(rows.map((row) => row.file)).toEqual([2, 3, 4, 5].map((line) => `${file}:${line}`));
    expect(rows.map((row) => row.label)).toEqual([expected[0].label, '', expected[1].label, '']);
    expect(rows[1].error).toContain('wrong number of pixels');
    expect((await predict(file, '--on-bad-image', 'stop')).stdout).toContain(`${file}:2`);
  });

  test('come through a pipe too, and stand beside photos', async () => {
    const file = save('one.csv', `pixels\n${pixels(0)}\n`);
    const { ended, child } = start(['predict', file, '-', '--model', model, '--json']);
    child.stdin?.end(`pixels\n${pixels(1)}\n`);
    const { stdout } = await ended;
    const { photos } = JSON.parse(stdout);
    expect(photos.map((photo: { file: string }) => photo.file)).toEqual([`${file}:2`, '-:2']);
    expect(photos[1].faces[0].label).toBe(expected[1].label);
  });

  test.each([
    ['--draw', 'drawn.png'],
    ['--every', '2'],
    ['--smoothing', '3'],
  ])('are not for %s', async (option, value) => {
    const file = save('few.csv', `pixels\n${pixels(0)}\n`);
    const { code, stderr } = await predict(file, option, option === '--draw' ? join(folder, value) : value);
    expect(code).toBe(2);
    expect(stderr).toContain(`'${option}': not for a csv of pixels`);
  });

  test('say what is wrong with the whole file', async () => {
    const other = save('list.csv', 'path,label\na.png,a\n');
    const { code, stderr } = await predict(other);
    expect(code).toBe(1);
    expect(stderr).toContain('not the header of a csv of pixels');
    const short = save('short.csv', `emotion,pixels\n3,${pixels(0)}\n4\n`);
    const begun = await predict(short, '--json');
    expect(begun.code).toBe(1);
    const { photos, skipped } = JSON.parse(begun.stdout);
    expect(photos).toHaveLength(1);
    expect(skipped).toMatchObject([{ file: short, code: 'INVALID_DATA' }]);
  });
});

test.skipIf(process.platform === 'win32')(
  'a csv with predictions does not take the place of the one with pixels',
  async () => {
    const file = save('kept.csv', `pixels\n${pixels(0)}\n`);
    const { code } = await predict(file, '--csv', file);
    expect(code).not.toBe(0);
    expect(execFileSync('head', ['-c', '6', file]).toString()).toBe('pixels');
  },
);
