import { expect, it, vi } from 'vitest';
import { openEngine } from '../../../src/nn/engine.ts';

it('the engine in plain JavaScript says once that it is slow', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  try {
    for (let i = 0; i < 2; i++)
      expect(await openEngine('tfjs')).toMatchObject({ name: 'tfjs', variant: 'cpu' });
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/slower than 'native'/), { code: 'EVOPATCH_TFJS' }],
    ]);
  } finally {
    warn.mockRestore();
  }
  await expect(openEngine('tfjs:webgl')).rejects.toThrow(/no backend 'webgl'.*tfjs:cpu/);
});
