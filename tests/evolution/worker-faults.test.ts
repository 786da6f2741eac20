import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { PoolEvaluator } from '../../src/fitness/pool-evaluator.ts';
import type { EvolutionEvent } from '../../src/search/events.ts';
import { eventsOf, timeless, tinyRun } from './running.ts';

const workerFile = fileURLToPath(new URL('../fitness/fault-worker.js', import.meta.url));
const faults = [
  { fault: 'exit', reason: 'crash' },
  { fault: 'throw', reason: 'crash' },
  { fault: 'allocate', reason: 'out-of-memory' },
  { fault: 'loop', reason: 'time-out' },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A run in which the first fitness evaluation and the first training in full befall what its seed says. */
async function faultyRun(seed: string, fault: string, retries: number) {
  const events: EvolutionEvent[] = [];
  const result = await evolvePatches({
    ...tinyRun,
    seed,
    onEvent: (event) => events.push(event),
    evaluator: ({ dataset, engine }) =>
      new PoolEvaluator({
        dataset,
        engine: `${engine.name}:${engine.variant}`,
        workers: 2,
        timeoutSeconds: fault === 'loop' ? 3 : 60,
        retries,
        resourceLimits: { maxOldGenerationSizeMb: 48 },
        workerFile,
      }),
  });
  const failures = eventsOf(events, 'evaluation').flatMap(({ evaluation }) => evaluation.reason ?? []);
  return { result, failures };
}

describe.each(faults)('a whole run whose workers suffer $fault', ({ fault, reason }) => {
  test('ends as ever where another attempt helps', async () => {
    await mkdir(join(folder, 'suffered'));
    const seed = `${fault} ${join(folder, 'suffered')}`; // the worker leaves a mark behind this path
    const { result, failures } = await faultyRun(seed, fault, 1);
    expect((await readdir(join(folder, 'suffered'))).sort()).toEqual(['final', 'fitness']);
    expect(failures).toEqual([]);
    expect(timeless(result)).toBe(timeless(await evolvePatches({ ...tinyRun, seed })));
  });

  test('goes on without those that failed where there is no other attempt', async () => {
    await mkdir(join(folder, 'suffered'));
    await writeFile(join(folder, 'suffered', 'final'), ''); // so that finalists do not
    const { result, failures } = await faultyRun(`${fault} ${join(folder, 'suffered')}`, fault, 0);
    expect(failures.length).toBeGreaterThanOrEqual(1);
    expect(new Set(failures)).toEqual(new Set([reason]));
    expect(result).toMatchObject({ status: 'complete', failures: failures.length });
    expect(result.history.reduce((sum, generation) => sum + generation.failures, 0)).toBe(failures.length);
    for (const { loss } of [...result.front, ...result.population]) expect(loss).toBeGreaterThan(0);
  });
});
