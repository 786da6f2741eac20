import { expect, test } from 'vitest';
import type { RunSummary } from '../../src/run/run-summary.ts';
import { formatRun, formatRunComparison } from '../../src/summary/runs.ts';

const LOSS = {
  estimate: -0.121,
  interval95: [-0.193, -0.049],
  gained: 10,
  lost: 31,
  pValue: 0.002,
  notWorse: false,
} as const;

function run(folder: string, difference: NonNullable<RunSummary['best']>['difference']): RunSummary {
  return {
    folder,
    status: 'complete',
    started: '2026-11-22T03:13:00.000Z',
    data: 'faces',
    engine: 'native:avx2',
    history: [],
    generations: 2,
    hypervolume: 0.5,
    best: { accuracy: 0.6, parameters: 50_000, difference },
    options: { seed: 'a', margin: 0.02 },
  };
}

test('a run is compared with the baseline, where there is one', () => {
  expect(formatRun(run('runs/a', LOSS)).split('\n').at(-1)).toBe(
    'Less accurate than the baseline, by more than 2 points: −12.1 points (95 %: −19.3 to −4.9; McNemar p = 0.002).',
  );
  expect(formatRun(run('runs/b', null))).not.toContain('than the baseline');
});

test('a comparison of runs has the verdict in a column', () => {
  const rows = formatRunComparison([run('runs/a', LOSS), run('runs/b', null)]).split('\n');
  expect(rows[1]).toContain('  −12.1, less accurate  ');
  expect(rows[2]).toMatch(/60\.0 % +50,000/);
});
