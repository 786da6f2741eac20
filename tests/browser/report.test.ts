import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { accessibilityFindings, describeInChromium, expectFocus, overflow } from './chromium.ts';

const HOSTILE = '<script>alert(1)</script>';
const SCHEMES = ['light', 'dark'] as const;

describeInChromium('a report', (visit) => {
  let folder: string;
  let one: string;
  let two: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const faces = syntheticFaces({ count: 210 });
    const of = Int32Array.from(faces.labels.keys(), (sample) => sample % 2);
    const groups = new Map([['set', { values: [HOSTILE, 'b'], of }]]);
    const dataset = { ...faces, classes: faces.classes.with(0, HOSTILE), groups };
    const training = { epochs: 1 };
    const sizes = { population: 6, generations: 3, fitness: training, final: training, workers: 0 };
    const run = evolvePatches({ dataset, runFolder: first, seed: '"><img src=x>', ...sizes });
    await run;
    await cp(first, second, { recursive: true });
    [one, two] = [join(folder, 'one.html'), join(folder, 'two.html')];
    await writeReport({ runs: [first], dataset, out: one });
    await writeReport({ runs: [first, second], dataset, out: two });
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const addressOf = (file: string) => pathToFileURL(file).href;

  test('loads nothing, logs no problems, and shows hostile labels as text', async () => {
    const { page, problems, requests } = await visit(addressOf(one));
    await page.waitForLoadState('networkidle');
    expect(problems).toEqual([]);
    expect(requests).toEqual([addressOf(one)]);
    expect(await page.locator('main').textContent()).toContain(HOSTILE);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(await page.locator('#groups table').first().textContent()).toContain(HOSTILE);
    expect(await page.locator('svg').count()).toBeGreaterThan(3);
  });

  /** Finds the hash of a genome of the front that is not shown. */
  async function hiddenGenome(page: Page): Promise<string> {
    const hashes = await page
      .locator('a[data-genome]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('data-genome')));
    for (const hash of hashes) if (!(await page.locator(`#genome-${hash}`).isVisible())) return hash ?? '';
    throw new Error('there is no other genome to show');
  }

  test.each(['mouse', 'keyboard'])('shows the map of a point of the front, by %s', async (by) => {
    const { page, problems } = await visit(addressOf(one));
    const hash = await hiddenGenome(page);
    const point = page.locator(`a[data-genome="${hash}"]`);
    if (by === 'mouse') await point.click();
    else await point.press('Enter');
    await expectFocus(page, `#genome-${hash}`);
    expect(await page.locator('.genome:visible').count()).toBe(1);
    expect(await page.locator(`#genome-${hash} svg`).first().isVisible()).toBe(true);
    expect(await point.getAttribute('aria-current')).toBe('true');
    expect(page.url()).toBe(`${addressOf(one)}#genome-${hash}`);
    await page.goBack();
    expect(await page.locator(`#genome-${hash}`).isVisible()).toBe(true); // fetches nothing else
    expect(problems).toEqual([]);
  });

  test.each([true, false])(
    'opens the network of a mark among the sizes, with JavaScript: %s',
    async (javaScriptEnabled) => {
      const { page, problems } = await visit(addressOf(one), { javaScriptEnabled });
      const mark = page.locator('#sizes .chart a[href$="-network"]').first();
      const entry = page.locator(`#sizes ${await mark.getAttribute('href')}`);
      expect(await entry.isVisible()).toBe(false);
      await mark.press('Enter');
      await entry.waitFor({ state: 'visible' });
      expect(await entry.locator('svg').first().isVisible()).toBe(true);
      expect(await page.locator('#sizes details[open]').count()).toBe(1);
      expect(problems).toEqual([]);
    },
  );

  test('shows one generation at a time, by the slider and by playing', async () => {
    const { page, problems } = await visit(addressOf(one));
    const shown = () => page.locator('figure[data-generation]:visible').getAttribute('data-generation');
    expect(await shown()).toBe('3');
    await page.locator('#generation').press('ArrowLeft');
    expect(await shown()).toBe('2');
    await page.locator('#generation').fill('1');
    expect(await shown()).toBe('1');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.locator('figure[data-generation="3"]').waitFor({ state: 'visible' });
    expect(problems).toEqual([]);
  });

  test('shows everything without JavaScript', async () => {
    const { page } = await visit(addressOf(one), { javaScriptEnabled: false });
    for (const generation of [1, 2, 3]) {
      expect(await page.locator(`figure[data-generation="${generation}"] svg`).isVisible()).toBe(true);
    }
    expect(await page.locator('#generation').isVisible()).toBe(false);
    const hash = await hiddenGenome(page);
    await page.locator(`a[data-genome="${hash}"]`).click();
    expect(await page.locator(`#genome-${hash} svg`).first().isVisible()).toBe(true);
  });

  test('prints all generations, without controls', async () => {
    const { page } = await visit(addressOf(one));
    await page.emulateMedia({ media: 'print' });
    for (const generation of [1, 2, 3]) {
      expect(await page.locator(`figure[data-generation="${generation}"]`).isVisible()).toBe(true);
    }
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('button:visible').count()).toBe(0);
    const pdf = await page.pdf({ path: pictureFile('print.pdf') });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('unfolds the runs on paper, and only there', async () => {
    const { page } = await visit(addressOf(two), { javaScriptEnabled: false });
    const heights = () =>
      page
        .locator('details.run')
        .evaluateAll((runs) => runs.map((run) => run.getBoundingClientRect().height));
    const folded = await heights();
    expect(folded.length).toBeGreaterThan(10);
    await page.emulateMedia({ media: 'print' });
    for (const [index, height] of (await heights()).entries())
      expect(height).toBeGreaterThan(folded[index] + 30);
  });

  test('compares two runs in charts side by side, each with its own legend, at whole generations', async () => {
    const { page } = await visit(addressOf(two));
    const boxes = await page.locator('#progress .plot').evaluateAll((plots) =>
      plots.map((plot) => {
        const { top, left, right } = plot.getBoundingClientRect();
        return { top, left, right, legends: plot.querySelectorAll('.legend').length };
      }),
    );
    expect(boxes.map(({ legends }) => legends)).toEqual([1, 1]);
    expect(boxes[0].top).toBe(boxes[1].top);
    expect(boxes[0].right).toBeLessThan(boxes[1].left);
    const ticks = await page.locator('#progress .axes text[y="290"]').allTextContents();
    expect(ticks).toEqual(['1', '2', '3', '1', '2', '3']);
  });

  test('shows the whole network on a phone, and where a table continues', async () => {
    const { page } = await visit(addressOf(one), { viewport: { width: 390, height: 844 } });
    const ends = await page
      .locator('#network li')
      .evaluateAll((boxes) =>
        boxes.map((box) => [box.getBoundingClientRect().left, box.getBoundingClientRect().right]),
      );
    expect(ends.length).toBeGreaterThan(4);
    for (const [left, right] of ends) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(390);
    }
    const wide = page.locator('#regions .scroll').first();
    expect(await wide.evaluate((table) => table.scrollWidth > table.clientWidth)).toBe(true);
    const shades = await page.evaluate<string>(
      "getComputedStyle(document.querySelector('#regions .scroll')).backgroundAttachment",
    );
    expect(shades).toBe('local, local, scroll, scroll'); // covers that move with the table reveal the fixed shadows
    await wide.evaluate((table) => table.scrollTo({ left: 9999, behavior: 'instant' }));
    const left = await wide
      .locator('tbody th')
      .first()
      .evaluate((name) => name.getBoundingClientRect().left);
    expect(left).toBeGreaterThanOrEqual(0); // the names of rows stay in view
  });

  test.each([390, 1440])('fits a window of %i pixels', async (width) => {
    for (const [name, file] of Object.entries({ one, two })) {
      const { page, problems } = await visit(addressOf(file), { viewport: { width, height: 844 } });
      expect(await overflow(page)).toBe(0);
      expect(problems).toEqual([]);
      if (process.env.SCREENSHOTS === undefined) continue;
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: pictureFile(`${name}-${colorScheme}-${width}.png`), fullPage: true });
      }
    }
  });

  test.each(SCHEMES)('has no serious accessibility findings in %s mode', async (colorScheme) => {
    const { page } = await visit(addressOf(two), { colorScheme });
    const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const levels = paper.match(/\d+/g)?.map(Number) ?? [];
    expect(levels.every((level) => (colorScheme === 'light' ? level > 200 : level < 60))).toBe(true);
    await page
      .locator('details')
      .evaluateAll((all) => all.map((details) => details.setAttribute('open', '')));
    expect(await accessibilityFindings(page)).toEqual([]);
  });

  /** Names the file of a screenshot: in SCREENSHOTS where that is set, for people to look at, else temporary. */
  function pictureFile(name: string): string {
    return join(process.env.SCREENSHOTS ?? folder, name);
  }
});
