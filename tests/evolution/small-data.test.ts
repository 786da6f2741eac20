import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvopatchError } from '../../src/core/errors.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { DatasetBuilder } from '../../src/data/dataset-builder.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { resumeRun } from '../../src/evolution/resume-run.ts';
import { splitForRun } from '../../src/evolution/splits.ts';
import { parseOptions } from '../../src/options/evolve-options.ts';
import type { EvolutionEvent } from '../../src/search/events.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

interface Plan {
  /** Faces of each class. */
  readonly counts: readonly number[];
  /** People that the faces are of, in turns; 0 where nobody knows. */
  readonly people: number;
}

/** Patterns, each another one, without a validation split of their own; a fifth of them becomes one. */
function facesOf({ counts, people }: Plan): Dataset {
  const builder = new DatasetBuilder('small');
  for (const [label, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      const face = builder.count;
      const pixels = new Uint8Array(48 * 48).map((_, place) => (place * (2 * face + 3) + label) % 251);
      const subject = people === 0 ? undefined : (label + i) % people;
      builder.add({ image: { pixels, width: 48, height: 48 }, label, split: 'train', subject });
    }
  }
  return builder.build(counts.map((_, label) => `class ${label}`));
}

const plans = fc
  .record({
    counts: fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 40 })), {
      minLength: 1,
      maxLength: 7,
    }),
    people: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 12 })),
  })
  .filter(({ counts }) => {
    const total = counts.reduce((a, b) => a + b, 0);
    return total >= 14 && total <= 120;
  });

const tiny = {
  population: 4,
  generations: 1,
  workers: 0,
  finalists: 1,
  prefer: 'accurate',
  repeats: 1,
  controls: 'none',
  baseline: false,
  fitness: { epochs: 1 },
  final: { epochs: 1 },
  bounds: { maximumFilters: 8, maximumSide: 16, maximumPatches: 2 },
} as const;

test('small data are divided into enough to learn from and to measure on, or refused with the counts', () => {
  let refused = 0;
  fc.assert(
    fc.property(plans, fc.string(), (plan, seed) => {
      const dataset = facesOf(plan);
      const classesOf = (rows: Uint32Array) => new Set(Array.from(rows, (row) => dataset.labels[row])).size;
      try {
        const splits = splitForRun(parseOptions({ dataset, seed: `s${seed}` }));
        const [learned] = splits.fitnessRungs;
        for (const [batch, rows] of [
          [splits.fitnessBatch, learned],
          [splits.finalBatch, splits.training],
        ] as const) {
          expect(batch % 16).toBe(0);
          expect(batch).toBe(Math.min(64, 16 * Math.max(1, Math.floor(rows.length / 16))));
          expect(batch).toBeGreaterThan(0);
          expect(classesOf(rows)).toBe(plan.counts.length);
        }
        for (const rows of [splits.fitnessValidation, splits.validation]) {
          expect(classesOf(rows)).toBeGreaterThan(1);
        }
      } catch (cause) {
        if (!(cause instanceof EvopatchError)) throw cause;
        refused++;
        expect(cause.code).toBe('INVALID_DATA');
        expect(cause.data.hint).toMatch(/add|give/i);
      }
    }),
    { numRuns: 80, seed: 1 },
  );
  expect(refused).toBeGreaterThan(10);
  expect(refused).toBeLessThan(70);
});

test('a run on small data ends with a result, or is refused before there is a folder', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const runFolder = join(temporaryFolder(), 'run');
      try {
        const { status, best } = await evolvePatches({ ...tiny, dataset: facesOf(plan), runFolder });
        expect(status).toBe('complete');
        expect(best.validationAccuracy).toBeGreaterThanOrEqual(0);
        expect(existsSync(join(runFolder, 'result.json'))).toBe(true);
      } catch (cause) {
        expect(cause).toMatchObject({ name: 'EvopatchError', code: 'INVALID_DATA' });
        expect(existsSync(runFolder)).toBe(false);
      }
    }),
    { numRuns: 12, seed: 2 },
  );
}, 60_000);

test('a run on ten faces a class trains the baseline too, with batches that it records and tells', async () => {
  const dataset = facesOf({ counts: [10, 10, 10, 10, 10, 10, 10], people: 0 });
  const runFolder = join(temporaryFolder(), 'run');
  const events: EvolutionEvent[] = [];
  const onEvent = (event: EvolutionEvent) => events.push(event);
  const options = { ...tiny, baseline: true, controls: 'quick' as const, dataset };
  const result = await evolvePatches({ ...options, runFolder, onEvent });
  expect(result).toMatchObject({ status: 'complete', batchSizes: { fitness: 32, final: 48 } });
  expect(result.baseline?.validationAccuracy).toBeGreaterThanOrEqual(0);
  const told = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  expect(told).toEqual([
    'batches of 32 instead of 64 for candidates, which learn from 47 faces',
    'batches of 48 instead of 64 for finalists, which learn from 56 faces',
    'candidates are measured on 8 faces, so their order is mostly chance',
  ]);
  const { timing: _, ...saved } = JSON.parse(await readFile(join(runFolder, 'result.json'), 'utf8'));
  expect(saved.batchSizes).toEqual({ fitness: 32, final: 48 });
}, 60_000);

test('faces that do not fill a batch are repeated within it', async () => {
  const result = await evolvePatches({ ...tiny, dataset: facesOf({ counts: [9, 9], people: 0 }) });
  expect(result).toMatchObject({ status: 'complete', batchSizes: { fitness: 16, final: 16 } });
}, 60_000);

test('a run on small data that was stopped goes on to the same result', async () => {
  const dataset = facesOf({ counts: [14, 15], people: 0 });
  const options = { ...tiny, generations: 2, dataset };
  const whole = await evolvePatches(options);
  const runFolder = join(temporaryFolder(), 'run');
  const stop = new AbortController();
  const onEvent = ({ type }: EvolutionEvent) => type === 'checkpoint' && stop.abort();
  const part = await evolvePatches({ ...options, runFolder, signal: stop.signal, onEvent });
  expect(part.status).toBe('aborted');
  const resumed = await resumeRun({ runFolder, dataset });
  expect(resumed.best.genome).toEqual(whole.best.genome);
  expect(resumed).toMatchObject({ status: 'complete', batchSizes: whole.batchSizes, front: whole.front });
}, 60_000);

describe('what is too little is said with the numbers', () => {
  test.each<[string, Plan, RegExp, RegExp]>([
    [
      'a class with one training face',
      { counts: [20, 20, 1], people: 0 },
      /each class needs at least 2 training faces/,
      /class 0 16, class 1 16, class 2 1 \(training faces\)/,
    ],
    ['one person', { counts: [20, 20], people: 1 }, /there are no validation faces/, /class 0 20 \+ 0/],
    [
      'two people',
      { counts: [20, 20], people: 2 },
      /there are no training faces to measure on/,
      /class 0 10 \+ 0/,
    ],
    ['one class', { counts: [30], people: 0 }, /all training faces are 'class 0'/, /undefined/],
  ])('%s', (_, plan, problem, given) => {
    const dataset = facesOf(plan);
    const settings = parseOptions({ dataset });
    const refusal = { code: 'INVALID_DATA', problem: expect.stringMatching(problem) };
    let thrown: unknown;
    try {
      splitForRun(settings);
    } catch (cause) {
      thrown = cause;
    }
    expect(thrown).toMatchObject(refusal);
    expect(String((thrown as EvopatchError).data.given)).toMatch(given);
    if (plan.people > 0) expect((thrown as EvopatchError).data.hint).toMatch(/person.*add others/);
  });

  test('an option for fewer samples than a training step takes', () => {
    const dataset = facesOf({ counts: [40, 40], people: 0 });
    for (const role of ['fitness', 'final'] as const) {
      const settings = parseOptions({ dataset, [role]: { samples: 15 } });
      const data = expect.objectContaining({ option: `${role}.samples`, given: 15 });
      expect(() => splitForRun(settings)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', data }));
    }
  });
});
