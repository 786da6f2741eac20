import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Photo } from '../../src/images/photo.ts';
import { LandmarkPool, type LandmarkPoolOptions } from '../../src/landmarks/landmark-pool.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { noise } from './photos.ts';

const workerFile = fileURLToPath(new URL('./fault-worker.js', import.meta.url));

let pool: LandmarkPool | undefined;
afterEach(() => pool?.close());

function open(options: Partial<LandmarkPoolOptions> = {}): LandmarkPool {
  pool = new LandmarkPool({ search: 'crop', workers: 1, workerFile, ...options });
  return pool;
}

/** A photo that makes the worker fail. */
function fault(text: string): Photo {
  const width = Math.ceil(text.length / 3);
  return { pixels: Uint8Array.from(Buffer.from(text.padEnd(3 * width), 'latin1')), width, height: 1 };
}

const crops = Array.from({ length: 40 }, (_, i) => noise(48, 48, `crop ${i}`));

describe('a pool whose threads fail', () => {
  it.each(['exit', 'throw', 'reject'])('tries again after %s, once, with the same result', async (name) => {
    const marker = join(temporaryFolder(), 'suffered');
    const photo = fault(`${name} ${marker}`);
    const found = await open().locate([photo, ...crops]);
    expect(found).toHaveLength(41);
    expect(found).toEqual(await pool!.locate([photo, ...crops])); // the marker is there, so nothing fails now
  });

  it.each([
    ['exit', 'exited'],
    ['throw', 'thrown by the worker'],
    ['reject', 'an uncaught error'],
  ])('gives up when %s comes twice, and works on', async (name, reason) => {
    open({ workers: 2 });
    await expect(pool!.locate([...crops, fault(name)].toReversed())).rejects.toMatchObject({
      name: 'EvopatchError',
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`failed twice.*${reason}`)),
    });
    expect(await pool!.locate(crops)).toHaveLength(40);
  });

  it('gives the errors of the search as they are', async () => {
    const broken = { pixels: new Uint8Array(5), width: 48, height: 48 };
    await expect(open().locate([...crops, broken])).rejects.toMatchObject({
      name: 'EvopatchError',
      code: 'INVALID_IMAGE',
      data: { given: '5 bytes for 48×48' },
    });
  });

  it('ends at once when aborted, though the thread is stuck', async () => {
    const controller = new AbortController();
    const found = open().locate([fault('loop'), ...crops], controller.signal);
    setTimeout(() => controller.abort('enough'), 300);
    await expect(found).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
  });

  it('ends what is under way when closed, and starts nothing more', async () => {
    const found = open().locate([fault('loop'), ...crops]);
    const waiting = pool!.locate(crops);
    setTimeout(() => pool!.close(), 300);
    await expect(found).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(pool!.locate(crops)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('says so when the threads cannot start', async () => {
    const script = join(temporaryFolder(), 'broken.mjs');
    writeFileSync(script, `throw new Error('cannot start')`);
    await expect(open({ workerFile: script, workers: 2 }).locate(crops)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('cannot start'),
    });
  });
});

describe('a pool', () => {
  it('leaves the photos as they are, views of a large buffer too', async () => {
    const whole = new Uint8Array(10 * 48 * 48 * 3);
    const photos = crops.slice(0, 10).map(({ pixels, width, height }, i) => {
      whole.set(pixels, i * pixels.length);
      return { pixels: whole.subarray(i * pixels.length, (i + 1) * pixels.length), width, height };
    });
    expect(await open().locate(photos)).toEqual(await pool!.locate(crops.slice(0, 10)));
    expect(photos.map(({ pixels }) => [...pixels])).toEqual(
      crops.slice(0, 10).map(({ pixels }) => [...pixels]),
    );
  });

  it('aborts only the list of the signal', async () => {
    const controller = new AbortController();
    const first = open().locate(crops, controller.signal);
    const second = pool!.locate(crops);
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await second).toHaveLength(40);
  });
});
