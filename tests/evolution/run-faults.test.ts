import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { resumeRun } from '../../src/evolution/resume-run.ts';
import type { EvolutionReport } from '../../src/run/result.ts';
import type { Fault, FaultyFiles } from '../run/faulty-files.ts';
import { timeless, tinyRun } from './running.ts';

const files = vi.hoisted(() => ({ faulty: undefined as unknown as FaultyFiles }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const { FaultyFiles } = await import('../run/faulty-files.ts');
  files.faulty = new FaultyFiles(await importOriginal());
  return files.faulty.module;
});

const { dataset } = tinyRun;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterEach(async () => {
  files.faulty.arm();
  await rm(folder, { recursive: true, force: true });
});

const resultIn = async (runFolder: string): Promise<string> => {
  const report: EvolutionReport = JSON.parse(await readFile(join(runFolder, 'result.json'), 'utf8'));
  expect(report.status).toBe('complete');
  return timeless(report);
};

describe('a run that meets trouble with its files', () => {
  const kinds: Fault['kind'][] = ['ENOSPC', 'EIO', 'crash before', 'crash after'];

  // Each kind at other calls: all kinds at all calls would take minutes.
  test.each(kinds)(
    '%s at any call ends with a typed error, and can be resumed',
    { timeout: 240_000 },
    async (kind) => {
      const options = { ...tinyRun, generations: 2, controls: 'none' } as const;
      files.faulty.arm();
      const expected = timeless(await evolvePatches({ ...options, runFolder: join(folder, 'unbroken') }));
      const calls = [...files.faulty.calls];
      expect(calls.length).toBeGreaterThan(60);
      for (let call = 1 + kinds.indexOf(kind); call <= calls.length; call += kinds.length) {
        const runFolder = join(folder, `${call}`);
        files.faulty.arm({ call, kind });
        const ended = await evolvePatches({ ...options, runFolder }).then(timeless, (cause) => cause.code);
        files.faulty.arm();
        expect(['FILE_SYSTEM', expected]).toContain(ended); // to close a file, or to remove one, may fail unheard
        const entries = await readdir(runFolder).catch((): string[] => []);
        const begun = entries.includes('run.json');
        const complete = entries.includes('result.json');
        if (complete) expect(await resultIn(runFolder)).toBe(expected);
        else if (begun) {
          // A process that crashed here is this process, which lives: its lock is not stale.
          if (kind.startsWith('crash')) await rm(join(runFolder, 'lock'), { force: true });
          expect(timeless(await resumeRun({ runFolder, dataset }))).toBe(expected);
        }
      }
    },
  );
});
