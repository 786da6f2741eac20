import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { resumeRun } from '../../src/evolution/resume-run.ts';
import { watchRun } from '../../src/report/watch-run.ts';
import { listenTo } from './event-client.ts';

const dataset = syntheticFaces({ count: 210 });
const budget = { epochs: 1 };
const tiny = {
  dataset,
  population: 4,
  generations: 2,
  fitness: budget,
  final: budget,
  finalists: 1,
  prefer: 'accurate' as const,
  baseline: false,
  controls: 'none' as const,
  workers: 0,
};

let folder: string;
let runFolder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  runFolder = join(folder, 'run');
});
afterEach(() => rm(folder, { recursive: true }));

const pageOf = async (url: string) => await (await fetch(url)).text();

describe('a view of a run', () => {
  test('waits for the run, follows it, and shows its result', async () => {
    let isLoaded = false;
    const view = await watchRun({ runFolder, dataset: () => (isLoaded ? dataset : undefined) });
    expect(await pageOf(view.url)).toContain('Starting the run');
    const clients = await Promise.all([listenTo(view.url), listenTo(view.url), listenTo(view.url)]);
    const [first, leaver, last] = clients;
    isLoaded = true;
    const pages: string[] = [];
    for await (const { index } of evolvePatches({ ...tiny, runFolder, onEvent: view.show })) {
      if (index === 0) leaver.leave();
      pages.push(await pageOf(view.url));
    }
    const ending = view.end();
    await first.until(({ name }) => name === 'end');
    const final = await pageOf(view.url);
    first.leave();
    last.leave();
    await ending;
    await expect(fetch(view.url)).rejects.toThrow();
    expect(pages).toHaveLength(2);
    expect(final).toContain('data-generation="2"');
    expect(final).toContain('confusion');
    expect(final).not.toContain('Starting the run');
    const states = first.heard.filter(({ name }) => name === 'changed').map(({ data }) => data);
    expect(states.length).toBeGreaterThanOrEqual(4); // start, two checkpoints, finalists, end
    expect(last.heard.filter(({ name }) => name === 'changed').map(({ data }) => data)).toEqual(states);
  });

  test('shows at once the state of a resumed run', async () => {
    const { runFolder: _none, ...options } = { ...tiny, generations: 3, runFolder };
    const started = evolvePatches({ ...options, runFolder });
    for await (const _generation of started) started.abort();
    await started;
    const view = await watchRun({ runFolder });
    let page: Promise<string> | undefined;
    const onEvent = (event: Parameters<typeof view.show>[0]) => {
      view.show(event);
      page ??= pageOf(view.url);
    };
    await resumeRun({ dataset, runFolder, workers: 0, onEvent }).finally(view.end);
    expect(await page).toContain('data-generation="1"');
  });
});

test.each([
  [{ runFolder: '' }, 'runFolder'],
  [{ runFolder: 'run', port: 70_000 }, 'port'],
  [{ runFolder: 'run', port: 1.5 }, 'port'],
  [{ runFolder: 'run', dataset: {} }, 'dataset'],
])('options that are wrong are refused: %#', async (options, option) => {
  await expect(watchRun(options as never)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    data: { option },
  });
});
