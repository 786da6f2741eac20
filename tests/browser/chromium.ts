import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Finds the browser of these tests: CHROMIUM, else the first one on the path. */
const CHROMIUM =
  process.env.CHROMIUM ??
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
if (CHROMIUM === undefined) {
  console.warn('Tests of pages are left out: no Chromium found. Install one, or name it in CHROMIUM.');
}

/** A page in the browser, with its problems. */
export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught exceptions, and refused or failed requests. */
  readonly problems: readonly string[];
  /** Requested addresses, except those within the page itself (`data:`, `blob:`). */
  readonly requests: readonly string[];
}

export type Visitor = (url: string, options?: BrowserContextOptions) => Promise<Visit>;

/**
 * Describes tests with a browser, skipped where there is none. Every visit uses a new profile.
 *
 * @param flags further ones of Chromium, asked for when it starts
 */
export function describeInChromium(
  name: string,
  tests: (visit: Visitor) => void,
  flags: () => readonly string[] = () => [],
): void {
  describe.skipIf(CHROMIUM === undefined)(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...flags()] });
    });
    afterAll(() => browser?.close());
    tests(async (url, options) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const problems: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('requestfailed', (request) => {
        const reason = request.failure()?.errorText;
        if (reason !== 'net::ERR_ABORTED') problems.push(`${request.url()}: ${reason}`); // the page itself aborted the others
      });
      page.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
      });
      await page.goto(url);
      return { page, problems, requests };
    });
  });
}

/** Lists the serious and critical findings of axe, one line each: the rule and the elements. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
}

/** Measures how much wider the page is than the window, pixels. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Expects that the element has the keyboard focus. */
export async function expectFocus(page: Page, selector: string): Promise<void> {
  await expect.poll(() => page.locator(selector).evaluate((element) => element.matches(':focus'))).toBe(true);
}
