import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { curveOf } from '../../bench/search-peers/curve.js';
import { writePlot } from '../../bench/search-peers/plot.js';
import { comparisonTable } from '../../bench/search-peers/table.js';
import { LINE_COLORS } from '../../research/charts/chart-frame.js';
import { temporaryFolder } from '../data/temporary-folder.ts';

const PEERS = fileURLToPath(new URL('../../bench/peers.js', import.meta.url));

test('peers.js measures runtimes that are there, names those that are not, and goes on from its file', () => {
  const out = join(temporaryFolder(), 'speeds.jsonl');
  const run = (...more) =>
    execFileSync(
      process.execPath,
      [PEERS, '--out', out, '--python', process.execPath, '--networks', 'microExpNet', '--tasks', 'infer-1']
        .concat([
          '--threads',
          '1',
          '--rounds',
          '1',
          '--seconds',
          '0.05',
          '--contenders',
          'WebAssembly,Node,JAX',
        ])
        .concat(more),
      { encoding: 'utf8', stdio: 'pipe' },
    );
  const table = run(); // Node itself imports no Python package
  expect(table).toContain('microExpNet, infer-1, 1 thread');
  const lines = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ contender }) => contender)).toEqual([
    'evopatch, WebAssembly',
    'ONNX Runtime, Node',
    'TensorFlow.js, WebAssembly',
  ]);
  for (const { samplesPerSecond } of lines) expect(samplesPerSecond).toBeGreaterThan(0);
  expect(run()).toBe(table);
  const plot = join(temporaryFolder(), 'speeds.svg');
  expect(run('--table', '--plot', plot)).toBe(table);
  const bars = readFileSync(plot, 'utf8').match(/<rect/g);
  expect(bars).toHaveLength(1 + lines.length); // the sheet, and a bar each: one round has no range
});

test('search-peers.js says why it skips a search', () => {
  const script = fileURLToPath(new URL('../../bench/search-peers.js', import.meta.url));
  const out = join(temporaryFolder(), 'searches.jsonl');
  const args = [
    script,
    '--out',
    out,
    '--python',
    process.execPath,
    '--methods',
    'neps-primo',
    '--seeds',
    '1',
  ];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(stderr).toContain(
    'skipped: neps-primo; its Python cannot import neps, which pip installs with neural-pipeline-search',
  );
});

describe('searches of other optimisers', () => {
  const search = (method, seed, ...points) => ({
    data: 'faces',
    samples: 100,
    method,
    seed,
    trainings: 4,
    points: points.map(([samplesSeen, hypervolume]) => ({ samplesSeen, hypervolume })),
  });
  const training = (samples, isTop, ...shares) => ({ samples, isTop, shares });

  test('have the hypervolume of what was trained to the top within the budget', () => {
    const trainings = [
      training(10, false, 0.1, 0.1),
      training(20, true, 0.5, 0.5),
      training(30, true, 0.6, 0.6),
      training(40, true, 0.25, 0.75),
      training(50, false, 0.1, 0.1),
      training(60, true, 0.1, 0.1),
    ];
    expect(curveOf(trainings, 55)).toEqual([
      { samplesSeen: 20, hypervolume: 0.25 },
      { samplesSeen: 40, hypervolume: 0.3125 },
      { samplesSeen: 50, hypervolume: 0.3125 },
    ]);
  });

  test('are ranked within their seed, and say what evopatch needs to reach them', () => {
    const table = comparisonTable([
      search('evopatch', '1', [20, 0.3], [100, 0.5]),
      search('random', '1', [100, 0.3]),
      search('evopatch', '2', [100, 0.4]),
      search('random', '2', [100, 0.6]),
    ]);
    expect(table).toMatch(/evopatch +2 +0\.4500 ± 0\.0707 +1\.5 +4/);
    expect(table).toMatch(/random +2 +0\.4500 ± 0\.2121 +1\.5 +4 +100 \(20, never\)/);
  });
  test('are drawn as curves, evopatch among them', () => {
    const file = join(temporaryFolder(), 'curves.svg');
    writePlot(file, [
      search('evopatch', '1', [20, 0.3], [100, 0.5]),
      search('random', '1', [30, 0.2], [100, 0.3]),
      search('pymoo', '1', [30, 0.2], [100, 0.4]),
    ]);
    const drawn = readFileSync(file, 'utf8');
    for (const color of [LINE_COLORS[0], LINE_COLORS[2]]) expect(drawn).toContain(color.toUpperCase());
  });
});
