import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import type { EvolveOptions } from '../../src/options/evolve-options.ts';
import type { EvolutionResult } from '../../src/run/result.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { tinyRun } from '../evolution/running.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

/** Names that would do harm as markup. */
export const SCRIPT = '<script>alert(1)</script>';
export const ATTRIBUTE = '" onmouseover="alert(2)\' `';

export function hostileFaces(): Dataset {
  return {
    ...tinyFaces({ train: 64, validation: 32 }),
    name: `faces/${SCRIPT}`,
    classes: [SCRIPT, ATTRIBUTE, '</title></svg>&amp;'],
    groups: new Map([
      [SCRIPT, { values: [ATTRIBUTE, SCRIPT], of: Int32Array.from({ length: 96 }, (_, i) => i % 2) }],
    ]),
  };
}

export interface RecordedRun {
  readonly folder: string;
  readonly result: EvolutionResult;
  readonly dataset: Dataset;
  /** A copy of the run's folder that the test may damage. */
  copy(): string;
}

/** Records one finished run with a baseline, a control and hostile class names, for all tests of a file. */
export function recordedRun(options: Partial<EvolveOptions> = {}): () => RecordedRun {
  let parent: string;
  let run: RecordedRun;
  beforeAll(async () => {
    parent = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
    const folder = join(parent, 'run');
    const dataset = hostileFaces();
    const result = await evolvePatches({
      ...tinyRun,
      dataset,
      baseline: true,
      controls: 'all',
      seed: SCRIPT,
      dataSource: { data: `/faces/${SCRIPT}` },
      runFolder: folder,
      ...options,
    });
    const copy = () => {
      const other = join(temporaryFolder(), 'copy');
      cpSync(folder, other, { recursive: true });
      return other;
    };
    run = { folder, result, dataset, copy };
  }, 60_000);
  afterAll(() => rmSync(parent, { recursive: true, force: true }));
  return () => run;
}
