import { afterEach, describe, expect, it, vi } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import { availableNativeVariants } from '../../src/nn/native-engine.ts';
import { allEngines } from './harness.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the choice of an engine', () => {
  it('takes the best native one if it was built, otherwise WebAssembly', async () => {
    vi.stubEnv('EVOPATCH_ENGINE', '');
    const [best] = availableNativeVariants();
    const engine = await openEngine();
    expect([engine.name, engine.variant]).toEqual(best ? ['native', best.name] : ['wasm', 'relaxed']);
  });

  it('follows EVOPATCH_ENGINE only if the caller leaves the choice open', async () => {
    vi.stubEnv('EVOPATCH_ENGINE', 'wasm:simd');
    expect(await openEngine()).toMatchObject({ name: 'wasm', variant: 'simd', numerics: 'unfused' });
    expect(await openEngine('auto')).toMatchObject({ variant: 'simd' });
    expect(await openEngine('wasm')).toMatchObject({ name: 'wasm', variant: 'relaxed', numerics: 'fused' });
  });

  it.each(['gpu', 'Native', 'wasm2', ':simd'])("knows no engine '%s'", async (given) => {
    await expect(openEngine(given)).rejects.toMatchObject({
      name: 'EvopatchError',
      code: 'INVALID_OPTION',
      data: { option: 'engine', given, hint: expect.stringContaining('native') },
    });
  });

  it('names the unknown engine of EVOPATCH_ENGINE', async () => {
    vi.stubEnv('EVOPATCH_ENGINE', 'fast');
    await expect(openEngine()).rejects.toMatchObject({ code: 'INVALID_OPTION', data: { given: 'fast' } });
  });

  it.each(['wasm:avx512', 'native:relaxed', 'native:mmx'])("cannot run '%s'", async (given) => {
    await expect(openEngine(given)).rejects.toMatchObject({
      name: 'EvopatchError',
      code: 'ENGINE_UNAVAILABLE',
      data: { option: 'engine', given, hint: expect.any(String) },
    });
  });

  it('lists the engines that can run', async () => {
    await expect(openEngine('wasm:none')).rejects.toThrow(/wasm:relaxed, wasm:simd/);
  });
});

describe('an arena', () => {
  it('is memory of zeros of the given length, as floats, integers and bytes', async () => {
    for (const engine of await allEngines()) {
      const { floats, integers, bytes } = engine.createArena(1000);
      expect([floats.length, integers.length, bytes.length]).toEqual([1000, 1000, 4000]);
      expect(floats.every((value) => value === 0)).toBe(true);
      floats[7] = 1;
      expect([integers[7], bytes[31]]).toEqual([0x3f800000, 0x3f]);
    }
  });

  it('is refused if it does not fit into memory', async () => {
    for (const engine of await allEngines()) {
      expect(() => engine.createArena(2 ** 42)).toThrow(
        expect.objectContaining({ name: 'EvopatchError', code: 'ENGINE_UNAVAILABLE' }),
      );
    }
  });
});
