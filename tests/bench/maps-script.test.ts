import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('maps.js times the maps of a data set', async () => {
  const script = fileURLToPath(new URL('../../bench/maps.js', import.meta.url));
  const args = ['--faces', '70', '--population', '3', '--generations', '2', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args]);
  const { faces, population, records } = JSON.parse(stdout);
  expect({ faces, population }).toEqual({ faces: 70, population: 3 });
  expect(records).toHaveLength(5);
  for (const { milliseconds } of records) expect(milliseconds.median).toBeGreaterThan(0);
});
