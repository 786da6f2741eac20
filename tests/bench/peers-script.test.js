import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
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
