import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { recordedRun } from '../report/recorded-run.ts';
import { inProcess as run } from './program.ts';

describe('evopatch report', () => {
  const recorded = recordedRun();

  it('writes the page and says where', async () => {
    const { folder } = recorded();
    const out = join(temporaryFolder(), 'report.html');
    const { code, stdout } = await run('report', folder, '--out', out);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^report: .*report\.html \(\d+ KB\)\n$/),
    });
    expect(readFileSync(out, 'utf8')).toContain('<!doctype html>');
  });

  it('gives programs the data of each run', async () => {
    const { folder, copy } = recorded();
    const out = join(temporaryFolder(), 'report.html');
    const { stdout } = await run('report', folder, copy(), '--out', out, '--json');
    const { file, bytes, runs, consistency } = JSON.parse(stdout);
    expect({ file, bytes }).toEqual({ file: out, bytes: readFileSync(out).length });
    expect(runs.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
      ['run', 'complete'],
      ['copy', 'complete'],
    ]);
    expect(consistency.score).toBeCloseTo(1, 12);
  });

  it('refuses what cannot be', async () => {
    const { folder } = recorded();
    const out = join(temporaryFolder(), 'report.html');
    expect(await run('report', '--out', out)).toMatchObject({ code: 2 });
    expect(await run('report', folder)).toMatchObject({ code: 2 });
    const points = await run('report', folder, '--points', 'points.csv', '--out', out);
    expect(points).toMatchObject({ code: 2, stderr: expect.stringContaining('points need the faces') });
    expect(await run('report', temporaryFolder(), '--out', out)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('this is not the folder of a run'),
    });
    const others = await run('report', folder, '--data', 'synthetic:70', '--align', 'none', '--out', out);
    expect(others.stderr).toContain('does not hold the data of the run');
    expect(existsSync(out)).toBe(false);
  });
});
