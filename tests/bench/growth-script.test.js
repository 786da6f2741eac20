import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { AXES } from '../../bench/growth/axes.js';
import { growthTables, slopeOf, slopesOf } from '../../bench/growth/table.js';
import { temporaryFolder } from '../data/temporary-folder.ts';

const SCRIPT = fileURLToPath(new URL('../../bench/growth.js', import.meta.url));

test('a slope is the power by which a value grows', () => {
  expect(slopeOf([1, 10, 1000], [5, 500, 5e6])).toBeCloseTo(2, 12);
  expect(slopeOf([1, 2, 4], [7, 7, 7])).toBeCloseTo(0, 12);
  expect(slopeOf([3], [1])).toBeNull();
});

test('a table has the slope of each column, and the memory of one more', () => {
  const measurements = [100, 10_000].map((value) => ({
    axis: 'samples',
    value,
    stages: { drawing: value / 10, preparing: 1, work: value ** 2 },
    peakBytes: 1e8 + 4000 * value,
    parameters: 1,
  }));
  const table = growthTables(measurements);
  expect(table).toMatch(/^samples: /);
  expect(table).toMatch(/slope +1\.00 +0\.00 +2\.00 /);
  expect(table).toContain('4.00 kB of memory more for one more of: faces');
  expect(slopesOf([{ x: 1, stages: {}, peakBytes: { median: 1 } }])).toEqual({ memory: null });
});

test('every axis ends where it should', () => {
  expect(AXES.samples.points.at(-1)).toMatchObject({ value: 1_000_000, faces: 1_000_000, population: 1 });
  expect(AXES.population.points.every(({ work }) => work === 'search')).toBe(true);
});

test('growth.js measures points, each in a process of its own, and draws them', { timeout: 180_000 }, () => {
  const folder = temporaryFolder();
  const args = [SCRIPT, '--out', join(folder, 'growth.jsonl'), '--axis', 'samples', '--quick'];
  const run = (...more) =>
    execFileSync(process.execPath, [...args, ...more], { encoding: 'utf8', stdio: 'pipe' });
  const output = run('--rounds', '1', '--json', '--plot', folder);
  const { axes, measurements } = JSON.parse(output);
  expect(measurements.map(({ value }) => value)).toEqual([140, 560]);
  expect(axes[0]).toMatchObject({ axis: 'samples', slopes: { memory: expect.any(Number) } });
  expect(axes[0].points[1].peakBytes.median).toBeGreaterThan(2 ** 25);
  for (const chart of ['time', 'memory'])
    expect(readFileSync(join(folder, `growth-${chart}.svg`), 'utf8')).toContain('<svg');
  expect(run('--rounds', '1', '--json')).toBe(output); // nothing is measured again
});
