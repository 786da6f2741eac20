import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { serveReport } from '../../src/report/live-server.ts';
import { liveScript } from '../../src/report/page/page-script.ts';
import { watchRun } from '../../src/report/watch-run.ts';
import { accessibilityFindings, describeInChromium, expectFocus } from './chromium.ts';

/** Makes a page with all elements that the script looks for, after a number of generations. */
function pageAfter(generations: number): string {
  const genomes = Array.from({ length: generations }, (_, index) => `hash${index}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${generations} generations</title><style>
[hidden] { display: none !important }
</style></head><body><main>
<h1>${generations} generations</h1>
<div style="height: 1500px"></div>
<svg width="300" height="40" role="img" aria-label="front">${genomes.map(
    (hash, index) =>
      `<a data-genome="${hash}" href="#genome-${hash}"><circle cx="${20 + 40 * index}" cy="20" r="9"/></a>`,
  )}</svg>
${genomes.map((hash) => `<section class="genome" id="genome-${hash}" tabindex="-1">genome ${hash}</section>`).join('')}
<div class="slider"><label for="generation">Generation <output for="generation"></output></label>
<input type="range" id="generation" min="1" max="${generations}" value="${generations}"></div>
<div class="timeline">${genomes.map((_, index) => `<figure data-generation="${index + 1}">after generation ${index + 1}</figure>`).join('')}</div>
<details><summary>settings</summary>population 4</details>
<div style="height: 1500px"></div>
</main><script>${liveScript()}</script></body></html>`;
}

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

describeInChromium('a page that is served', (visit) => {
  /** Serves three generations, then as many more as `grow` is called. */
  async function open(isDeaf = false) {
    let generations = 3;
    const server = await serveReport(async () => pageAfter(generations));
    close = server.close;
    const seen = await visit('about:blank');
    await seen.page.clock.install();
    if (isDeaf) await seen.page.route('**/events', (route) => route.abort());
    await seen.page.goto(server.url);
    const grow = async () => {
      generations++;
      server.changed();
      await expect.poll(() => seen.page.title(), { timeout: 10_000 }).toBe(`${generations} generations`);
    };
    return { ...seen, server, grow };
  }

  test('shows new content and keeps the reader in place', async () => {
    const { page, problems, requests, server, grow } = await open();
    await page.locator('a[data-genome=hash1]').press('Enter');
    await expectFocus(page, '#genome-hash1');
    await page.locator('#generation').fill('2');
    await page.locator('summary').click();
    await page.locator('a[data-genome=hash2]').focus();
    await page.evaluate('scrollTo(0, 1234)');
    await grow();
    expect(await page.evaluate('scrollY')).toBe(1234);
    await expectFocus(page, 'a[data-genome=hash2]');
    expect(await page.locator('section:visible').allTextContents()).toEqual(['genome hash1']);
    expect(await page.locator('figure:visible').allTextContents()).toEqual(['after generation 2']);
    expect(await page.locator('details').getAttribute('open')).toBe('');
    expect(await page.locator('a[data-genome]').count()).toBe(4);
    expect(problems).toEqual([]);
    for (const url of requests) expect(url.startsWith(server.url)).toBe(true);
  });

  test('follows the last generation where the slider is at the end', async () => {
    const { page, problems, grow } = await open();
    await grow();
    expect(await page.locator('#generation').inputValue()).toBe('4');
    expect(await page.locator('figure:visible').allTextContents()).toEqual(['after generation 4']);
    expect(problems).toEqual([]);
  });

  test('keeps playing', async () => {
    const { page, grow } = await open();
    const shown = () => page.locator('figure:visible').allTextContents();
    await page.clock.pauseAt(Date.now() + 1000);
    await page.getByRole('button', { name: 'Play' }).click();
    await expectFocus(page, '#play');
    expect(await shown()).toEqual(['after generation 1']);
    await grow();
    await expectFocus(page, '#play');
    for (const generation of [2, 3, 4]) {
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await page.clock.runFor(700);
      expect(await shown()).toEqual([`after generation ${generation}`]);
    }
    await page.getByRole('button', { name: 'Play' }).waitFor();
  });

  test('shows the progress of the run, and its end', async () => {
    const { page, problems, server, grow } = await open();
    const run = page.getByRole('complementary', { name: 'The run' });
    server.progress({ text: 'generation 4 of 9', completed: 7, total: 20 });
    await run.getByText('generation 4 of 9').waitFor();
    expect(await run.getByRole('progressbar').getAttribute('value')).toBe('7');
    await grow();
    await server.close();
    await run.getByText('The run has ended').waitFor();
    expect(await page.title()).toBe('4 generations');
    expect(problems).toEqual([]);
  });

  test('tries again where the run does not answer, and catches up', async () => {
    const { page, grow } = await open(true);
    await page.getByText('The run does not answer').waitFor();
    await page.unroute('**/events');
    await grow();
    expect(await page.locator('h1').textContent()).toBe('4 generations');
  });

  test('shows the generations of a run as they end', async () => {
    const runFolder = await mkdtemp(join(tmpdir(), 'evopatch-'));
    const view = await watchRun({ runFolder });
    close = view.end;
    const { page, problems, requests } = await visit(view.url);
    await page.getByText('Starting the run').waitFor();
    const training = { epochs: 1 };
    const run = evolvePatches({
      dataset: syntheticFaces({ count: 210 }),
      runFolder,
      onEvent: view.show,
      ...{
        population: 4,
        generations: 3,
        workers: 1,
        baseline: false,
        controls: 'none',
        finalists: 1,
        prefer: 'accurate',
      },
      ...{ fitness: training, final: training },
    });
    // The run does not wait for the page, which may show a later generation by now.
    const shown = () => page.locator('figure[data-generation]:visible').getAttribute('data-generation');
    for await (const { index } of run)
      await expect.poll(async () => Number(await shown()), { timeout: 10_000 }).toBeGreaterThan(index);
    await run;
    await view.end();
    await page.getByText('The run has ended').waitFor();
    await page.getByText('complete').first().waitFor();
    expect(await shown()).toBe('3');
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
    for (const url of requests) expect(url.startsWith(view.url)).toBe(true);
    await rm(runFolder, { recursive: true });
  });
});
