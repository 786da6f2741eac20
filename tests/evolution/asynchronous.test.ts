import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { resumeRun } from '../../src/evolution/resume-run.ts';
import { failed } from '../../src/fitness/evaluate.ts';
import type { Evaluator, OpenEvaluator } from '../../src/fitness/evaluator.ts';
import { inlineEvaluator } from '../../src/fitness/inline-evaluator.ts';
import type { EvolveOptions } from '../../src/options/evolve-options.ts';
import type { EvolutionEvent } from '../../src/search/events.ts';
import { eventsOf, timeless, tinyRun } from './running.ts';

/** Four trainings at a time, whose results arrive in an order of their own; some are lost with their thread. */
function shuffling(seed: string, isLost: (evaluation: number) => boolean = () => false): OpenEvaluator {
  return ({ dataset, engine }): Evaluator => {
    const inner = inlineEvaluator(dataset, engine);
    const random = randomStream('arrivals', seed);
    const waiting: (() => void)[] = [];
    let evaluations = 0;
    return {
      parallelism: 4,
      async *evaluate(requests, options) {
        for await (const report of inner.evaluate(requests, options)) {
          const evaluation = isLost(evaluations++) ? failed('crash', 'the thread died') : report.evaluation;
          await new Promise<void>((resolve) => {
            waiting.push(resolve);
            setTimeout(() => waiting.splice(random.integer(0, waiting.length - 1), 1)[0](), 5);
          });
          yield { ...report, evaluation };
        }
      },
      close: () => inner.close(),
    };
  };
}

const run: EvolveOptions = {
  ...tinyRun,
  generations: 3,
  finalists: 1,
  surrogate: false,
  controls: 'none',
  asynchronous: true,
};
const { dataset } = run;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterAll(() => rm(root, { recursive: true }));

const log = (folder: string) => readFile(join(folder, 'decisions.jsonl'));

/** What follows from the description and the log of a run alone. */
async function replayed(folder: string): Promise<string> {
  const copy = `${folder} replayed`;
  await mkdir(copy);
  for (const file of ['run.json', 'decisions.jsonl']) await cp(join(folder, file), join(copy, file));
  const result = await resumeRun({ dataset, runFolder: copy, workers: 0 });
  expect(await log(copy)).toEqual(await log(folder));
  return timeless(result);
}

describe('an asynchronous run', { timeout: 300_000 }, () => {
  test('follows from its log, whatever the order in which results arrive', async () => {
    const runFolder = join(root, 'shuffled');
    const events: EvolutionEvent[] = [];
    const onEvent = (event: EvolutionEvent) => events.push(event);
    const result = await evolvePatches({ ...run, runFolder, evaluator: shuffling('a'), onEvent });
    expect(result.status).toBe('complete');
    expect(eventsOf(events, 'generation').map(({ generation }) => generation)).toEqual(result.history);
    expect(eventsOf(events, 'promotion').length).toBeGreaterThan(0);
    const { completed, total } = events[events.length - 1].progress;
    expect(completed).toBe(total);
    expect(await replayed(runFolder)).toBe(timeless(result));
  });

  test('goes on after an interruption, and its result follows from its whole log', async () => {
    const runFolder = join(root, 'interrupted');
    const stop = new AbortController();
    let evaluations = 0;
    const onEvent = ({ type }: EvolutionEvent) => {
      if (type === 'evaluation' && ++evaluations === 9) stop.abort();
    };
    const begun = { ...run, runFolder, evaluator: shuffling('b'), signal: stop.signal, onEvent };
    expect((await evolvePatches(begun)).status).toBe('aborted');
    const before = await log(runFolder);
    const result = await resumeRun({ dataset, runFolder, evaluator: shuffling('c') });
    expect(result.status).toBe('complete');
    expect((await log(runFolder)).subarray(0, before.length)).toEqual(before);
    expect(await replayed(runFolder)).toBe(timeless(result));
  });

  test('has one result where trainings run one by one, interrupted anywhere', async () => {
    const runFolder = join(root, 'one by one');
    const unbroken = timeless(await evolvePatches({ ...run, runFolder }));
    const text = (await log(runFolder)).toString();
    const lines = text.split('\n').length;
    for (const share of [0.3, 0.7]) {
      const copy = `${runFolder} ${share}`;
      await cp(runFolder, copy, { recursive: true });
      await rm(join(copy, 'result.json'));
      const kept = text.split('\n').slice(0, Math.round(share * lines));
      await writeFile(join(copy, 'decisions.jsonl'), `${kept.join('\n')}\n{"type":"ended","trai`);
      const events: EvolutionEvent[] = [];
      const onEvent = (event: EvolutionEvent) => events.push(event);
      expect(timeless(await resumeRun({ dataset, runFolder: copy, onEvent }))).toBe(unbroken);
      const anew = eventsOf(events, 'evaluation').filter(({ evaluation }) => evaluation.seconds > 0);
      expect(anew).toEqual([]); // the history knows them
    }
  });

  test('loses no genome but those whose evaluation failed', async () => {
    const runFolder = join(root, 'failing');
    // Only while it searches: how many trainings that takes depends on their order, and the only finalist must not be lost.
    const isLost = (evaluation: number) => evaluation % 4 === 2 && evaluation < 11;
    const result = await evolvePatches({ ...run, runFolder, evaluator: shuffling('d', isLost) });
    expect(result.status).toBe('complete');
    expect(result.failures).toBeGreaterThan(1);
    expect(result.history.reduce((sum, { failures }) => sum + failures, 0)).toBeGreaterThan(1);
    const entries = (await log(runFolder))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const ended = new Set(entries.flatMap(({ type, training }) => (type === 'ended' ? [training] : [])));
    const started = entries.filter(({ type }) => type === 'started');
    const open = started.filter(({ training }) => !ended.has(training));
    expect(open.length).toBeLessThan(4); // given up at the end
  });

  test('works over threads', async () => {
    const runFolder = join(root, 'threads');
    const result = await evolvePatches({ ...run, runFolder, workers: 2 });
    expect(result.history).toHaveLength(3);
    expect(await replayed(runFolder)).toBe(timeless(result));
  });

  test('is extended, and ends early at a limit', async () => {
    const runFolder = join(root, 'extended');
    const short = await evolvePatches({ ...run, runFolder, maximumEvaluations: 1 });
    expect(short.history).toHaveLength(1);
    const longer = await resumeRun({ dataset, runFolder, generations: 2, maximumEvaluations: 1000 });
    expect(longer.history).toHaveLength(2);
    expect(longer.history.slice(0, 1)).toEqual(short.history);
  });
});
