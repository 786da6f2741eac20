import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SETS } from '../../bench/population-peers/candidates.js';
import { populationTables } from '../../bench/population-peers/table.js';
import { parameterCount } from '../../src/network/describe.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const SCRIPT = fileURLToPath(new URL('../../bench/population-peers.js', import.meta.url));

test('candidates differ in their shapes, or in the places of their patches alone', () => {
  const [different, equal] = [SETS.different(16), SETS.equal(16)];
  expect(new Set(different.map(parameterCount)).size).toBeGreaterThan(12);
  const shape = ({ layers }) => JSON.stringify(layers.map((layer) => ({ ...layer, x: 0, y: 0 })));
  expect(new Set(equal.map(shape)).size).toBe(1);
  expect(new Set(equal.map((spec) => JSON.stringify(spec.layers))).size).toBe(16);
  expect(SETS.different(16)).toEqual(different);
});

test('population-peers.js measures evopatch, names what is missing, and goes on from its file', {
  timeout: 180_000,
}, () => {
  const out = join(temporaryFolder(), 'population.jsonl');
  const small = ['--networks', '3', '--faces', '140', '--epochs', '1', '--rounds', '1', '--sets', 'equal'];
  const run = (...more) => {
    // Node itself imports no Python package
    const args = [SCRIPT, '--out', out, '--python', process.execPath, ...small, ...more];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    return { stdout, stderr };
  };
  const { stdout: table, stderr } = run();
  expect(stderr).toContain('skipped: JAX, vmap; its Python package jax cannot be imported');
  expect(table).toMatch(/^equal shapes\n\ncontender +version +evaluations\/h/);
  const [line] = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  expect(line).toMatchObject({ contender: 'evopatch, two workers', set: 'equal', networks: 3 });
  expect(line.perHour).toBeGreaterThan(0);
  if (process.platform === 'linux') expect(line.peakBytes).toBeGreaterThan(2 ** 25);
  expect(run('--table').stdout).toBe(table);
  const [summary] = JSON.parse(run('--json').stdout);
  expect(summary).toMatchObject({ set: 'equal', rounds: 1, perHour: { median: line.perHour } });
});

test('the table has medians over the rounds, ratios, and what failed', () => {
  const one = (contender, perHour) => {
    return { set: 'different', contender, version: '1', perHour, peakBytes: 3e8, loss: 1.5 };
  };
  const table = populationTables([
    ...[100, 300, 200].map((perHour) => one('evopatch, two workers', perHour)),
    ...[50, 70].map((perHour) => one('PyTorch, two processes', perHour)),
    { set: 'different', contender: 'JAX, one after the other', failed: 'no such thing' },
  ]);
  expect(table).toMatch(/evopatch, two workers +1 +200 +100 to 300 +1\.00 +300 +1\.500/);
  expect(table).toMatch(/PyTorch, two processes +1 +60 +50 to 70 +0\.30 /);
  expect(table).toMatch(/JAX, one after the other +failed +no such thing/);
});
