import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EYES_AND_MOUTH, untrainedModel } from '../../src/bench/untrained-model.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { describeNetwork } from '../../src/network/describe.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { Layout } from '../../src/nn/layout.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { Network } from '../../src/nn/network.ts';
import { placeParameters } from '../../src/nn/parameters.ts';
import {
  accessibilityFindings,
  describeInChromium,
  expectFocus,
  overflow,
  type Visitor,
} from './chromium.ts';
import { closeUpFile, filmPerson, photoFile } from './drawn-photos.ts';
import { type PageServer, servePage } from './page-server.ts';

const PAGE = join(import.meta.dirname, '../../examples/browser');
const LONG = 120_000;
vi.setConfig({ testTimeout: 2 * LONG });

let folder: string;
let server: PageServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
  // The first build trains the model that the page starts with.
  await build({ root: PAGE, logLevel: 'silent', build: { outDir: join(folder, 'page') } });
  writeFileSync(join(folder, 'camera.y4m'), await filmPerson('happy'));
  await saveModel(join(folder, 'gender.safetensors'), await genderModel());
  await saveModel(join(folder, 'other.safetensors'), untrainedModel(await openEngine('wasm')));
  writeFileSync(join(folder, 'notes.txt'), 'no picture');
  const damaged = readFileSync(join(folder, 'other.safetensors'));
  damaged[damaged.length - 100] ^= 1;
  writeFileSync(join(folder, 'damaged.safetensors'), damaged);
  server = await servePage({}, { '/page/': join(folder, 'page/') });
}, 600_000);
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A model with random weights that answers female or male. */
async function genderModel() {
  const spec = toNetworkSpec(EYES_AND_MOUTH, { classes: 2, frame: FACE_FRAME });
  const { parameters } = placeParameters(describeNetwork(spec), new Layout(1));
  const network = new Network(await openEngine('wasm'), spec, initialWeights(parameters, 'gender'));
  return { network, classes: ['female', 'male'], frame: FACE_FRAME, genome: EYES_AND_MOUTH, info: {} };
}

const file = (name: string) => join(folder, name);
const text = (page: Page, selector: string) => page.locator(selector).first().textContent();

/** Opens the page, and waits until it has read its first face. */
async function open(visit: Visitor, options?: Parameters<Visitor>[1]) {
  const visited = await visit(`${server.url}/page/index.html`, options);
  visited.page.setDefaultTimeout(LONG);
  await visited.page.locator('body[data-state=ready]').waitFor();
  return visited;
}

/** Waits until the page shows the picture of this title. */
const showing = (page: Page, title: string) =>
  page.locator('#title').getByText(title, { exact: true }).waitFor();

/** Drops a file onto the page. */
async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], '${name}'));
    return data;
  })()`);
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

describeInChromium('the page of the examples', (visit) => {
  it('begins with a drawn face, and says which share of it is read', async () => {
    const { page, problems } = await open(visit);
    expect(await text(page, '.label')).toBe('happy');
    expect(await text(page, '.about')).toBe(
      'drawn-faces.safetensors: 4,027 parameters, reads 14\u00a0% of the pixels of the face',
    );
    expect(await page.locator('#drawn-only').isVisible()).toBe(false);
    expect(await page.locator('#stage').getAttribute('aria-label')).toContain('3 marked patches');
    expect(problems).toEqual([]);
  });

  it.each(['happy', 'surprise', 'disgust'] as const)('reads a photo: %s', async (expression) => {
    const { page, problems } = await open(visit);
    await page.setInputFiles('#photo', await photoFile('photo.png', [expression]));
    await showing(page, 'photo.png');
    expect(await text(page, '.label')).toBe(expression);
    expect(await text(page, '#status')).toMatch(new RegExp(`^${expression}, \\d+\\s%$`));
    expect(await page.locator('#drawn-only').isVisible()).toBe(true); // the model knows drawn faces only
    expect(problems).toEqual([]);
  });

  it('paints nothing but the patches if asked to', async () => {
    const { page } = await open(visit);
    const painted = (): Promise<number> =>
      page.evaluate(`(() => {
        const { width, height } = stage;
        const { data } = stage.getContext('2d').getImageData(0, 0, width, height);
        return data.filter((level, i) => i % 4 === 3 && level > 0).length / (width * height);
      })()`);
    expect(await painted()).toBe(1);
    await page.check('#only');
    expect(await painted()).toBeGreaterThan(0.05);
    expect(await painted()).toBeLessThan(0.2);
  });

  it('offers the faces of a group', async () => {
    const { page } = await open(visit);
    await page.setInputFiles('#photo', await photoFile('group.png', ['happy', 'surprise']));
    await showing(page, 'group.png');
    const labels = new Set([await text(page, '.label')]);
    await page.getByRole('radio', { name: '2' }).check();
    labels.add(await text(page, '.label'));
    expect(labels).toEqual(new Set(['happy', 'surprise']));
    expect(await text(page, '#status')).toMatch(/^2 faces\. Face 2: (happy|surprise), /);
  });

  it('reads a picture that a face fills, where none is found', async () => {
    const { page } = await open(visit);
    await page.setInputFiles('#photo', await closeUpFile('filled.png', 'happy'));
    const button = page.getByRole('button', { name: 'Read it as one face' });
    await button.waitFor();
    expect(await text(page, '#problem')).toContain('No face was found in filled.png.');
    expect(await text(page, '.label')).toBe('no face');
    await button.click();
    await expect.poll(() => text(page, '.label'), { timeout: LONG }).toBe('happy');
    expect(await page.locator('#problem').isVisible()).toBe(false);
  });

  it('shows a model of other classes beside the first, and puts one of the same classes in its place', async () => {
    const { page, problems } = await open(visit);
    await drop(page, 'gender.safetensors', readFileSync(file('gender.safetensors')));
    await expect.poll(() => page.locator('.panel').count(), { timeout: LONG }).toBe(2);
    await expect.poll(() => text(page, '.label'), { timeout: LONG }).toMatch(/^(fe)?male$/);
    expect(await page.locator('.label').nth(1).textContent()).toBe('happy');
    await page.setInputFiles('#model', file('other.safetensors'));
    await expect.poll(() => text(page, '.about'), { timeout: LONG }).toContain('other.safetensors');
    expect(await page.locator('.panel').count()).toBe(2);
    expect(await page.locator('.bars').first().locator('li').count()).toBe(7);
    expect(problems).toEqual([]);
  });

  it.each([
    [
      'a damaged model',
      'damaged.safetensors',
      'damaged.safetensors is not a model that evopatch wrote, or it is damaged.',
    ],
    ['another file', 'notes.txt', 'This browser cannot open notes.txt as a picture.'],
  ])('says what is wrong with %s, and keeps what it shows', async (_, name, words) => {
    const { page, problems } = await open(visit);
    await drop(page, name, readFileSync(file(name)));
    await page.getByRole('alert').filter({ visible: true }).waitFor();
    expect(await text(page, '#problem')).toContain(words);
    expect(await text(page, '.label')).toBe('happy');
    await page.getByRole('button', { name: 'surprise' }).click();
    await showing(page, 'Drawn face: surprise');
    expect(await page.locator('#problem').isVisible()).toBe(false);
    expect(problems).toEqual([]);
  });

  it('is used by the keyboard alone', async () => {
    const { page } = await open(visit);
    const press = (key: string) => page.keyboard.press(key);
    const asked = page.waitForEvent('filechooser');
    await press('Tab');
    await expectFocus(page, '#choose-photo');
    await press('Enter');
    await (await asked).setFiles(await photoFile('group.png', ['happy', 'surprise']));
    await showing(page, 'group.png');
    for (const next of ['#camera', '#choose-model', '#faces input:checked', '#only']) {
      await press('Tab');
      await expectFocus(page, next);
      if (!next.startsWith('#faces')) continue;
      await press('ArrowRight');
      await expectFocus(page, '#faces input[value="1"]');
    }
    await press('Space');
    expect(await page.isChecked('#only')).toBe(true);
    await press('Tab');
    await press('Enter');
    await showing(page, 'Drawn face: angry');
    await expectFocus(page, '#samples li:first-child button');
  });

  it('needs no server once it has loaded', async () => {
    const { page, requests, problems } = await open(visit);
    await page.context().setOffline(true);
    const loaded = requests.length;
    await page.setInputFiles('#photo', await photoFile('photo.png', ['surprise']));
    await showing(page, 'photo.png');
    expect(await text(page, '.label')).toBe('surprise');
    await page.setInputFiles('#model', file('gender.safetensors'));
    await expect.poll(() => page.locator('.panel').count(), { timeout: LONG }).toBe(2);
    await page.getByRole('button', { name: 'happy' }).click();
    await showing(page, 'Drawn face: happy');
    expect(requests.slice(loaded)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each([1440, 390])('is accessible and fits a window %i pixels wide', async (width) => {
    const { page } = await open(visit, { viewport: { width, height: 844 } });
    await page.setInputFiles('#photo', await photoFile('group.png', ['happy', 'surprise']));
    await showing(page, 'group.png');
    await drop(page, 'notes.txt', readFileSync(file('notes.txt')));
    await page.getByRole('alert').filter({ visible: true }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await accessibilityFindings(page)).toEqual([]);
      const moves = await page.evaluate(
        "getComputedStyle(document.querySelector('.bar')).transitionDuration",
      );
      expect(moves).toBe('0s');
      const path = join(process.env.SCREENSHOTS ?? folder, `demo-${colorScheme}-${width}.png`);
      await page.screenshot({ path, fullPage: true });
    }
    expect(await overflow(page)).toBe(0);
  });
});

/** Takes the median of the rates of ten seconds. */
async function steadyRate(rate: () => Promise<number>): Promise<number> {
  const rates: number[] = [];
  for (let second = 0; second < 10; second++) {
    await setTimeout(1000);
    rates.push(await rate());
  }
  return rates.sort((a, b) => a - b)[5];
}

const CAMERA = () => [
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${file('camera.y4m')}`,
];
describeInChromium(
  'the camera of the page',
  (visit) => {
    it('follows a face, says what stays, and shows its rate', async ({ annotate }) => {
      const { page, problems } = await open(visit, { permissions: ['camera'] });
      await page.click('#samples button >> text=angry');
      await showing(page, 'Drawn face: angry');
      await page.click('#camera');
      await showing(page, 'Camera');
      await expect.poll(() => text(page, '.label'), { timeout: LONG }).toBe('happy');
      const rate = async () => Number.parseFloat((await text(page, '#rate')) ?? '');
      await expect.poll(rate, { timeout: LONG }).toBeGreaterThan(0);
      await expect.poll(() => text(page, '#status'), { timeout: LONG }).toBe('happy'); // without its numbers
      await annotate(`${await steadyRate(rate)} frames/s`);
      await page.getByRole('button', { name: 'Stop the camera' }).click();
      await page.getByRole('button', { name: 'Use the camera' }).waitFor();
      expect(await page.locator('#rate').isVisible()).toBe(false);
      expect(problems).toEqual([]);
    });

    it('says so if it may not be used', async () => {
      const { page } = await open(visit, { permissions: [] });
      await page.click('#camera');
      await page.getByRole('alert').filter({ visible: true }).waitFor();
      expect(await text(page, '#problem')).toContain('The browser may not use the camera.');
    });
  },
  CAMERA,
);
