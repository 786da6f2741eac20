import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { FrameStore } from '../../src/data/frame-store.ts';

const fill = (count: number, expected?: (i: number) => number | undefined) => {
  const store = new FrameStore(4);
  for (let i = 0; i < count; i++) store.add(expected?.(i)).fill(i % 251);
  return store.frames;
};

describe('FrameStore', () => {
  const whole = Uint8Array.from({ length: 4 * 20_000 }, (_, i) => Math.floor(i / 4) % 251);
  it.each([
    ['the final number of frames is unknown', undefined],
    ['it is known', () => 20_000],
    ['far fewer are expected', () => 10],
    ['the expectation changes', (i: number) => i + 1],
    ['far more are expected than there is memory for', () => 2 ** 50],
  ])('keeps every frame in one shared buffer of the exact length where %s', (_, expected) => {
    const frames = fill(20_000, expected);
    expect(frames).toEqual(whole);
    expect(frames.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(frames.buffer.byteLength).toBe(frames.byteLength);
  });

  it('is empty at first', () => {
    expect(new FrameStore(4).frames).toHaveLength(0);
  });

  it('refuses frames beyond 4 GiB', () => {
    expect(() => new FrameStore(2 ** 32).add()).toThrow(
      expect.objectContaining({ code: 'INVALID_DATA', data: expect.objectContaining({ given: '1 faces' }) }),
    );
  });

  it.skipIf(process.platform !== 'linux')('reports the needed memory if there is not enough', () => {
    const module = new URL('../../dist/data/frame-store.js', import.meta.url).href;
    const code = `const { FrameStore } = await import(${JSON.stringify(module)});
      const store = new FrameStore(2 ** 20);
      try { for (;;) store.add(); }
      catch ({ code, message }) { console.log(JSON.stringify({ code, message })); }`;
    const limited = `ulimit -v 3000000; exec "$0" --input-type=module -e "$1"`;
    const { stdout } = spawnSync('sh', ['-c', limited, process.execPath, code], { encoding: 'utf8' });
    const { code: found, message } = JSON.parse(stdout);
    expect(found).toBe('OUT_OF_MEMORY');
    expect(message).toMatch(/not enough memory.*given: \d+ MB for the first \d+ faces/);
  });
});
