import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { encodeProgram, floatBits, STEPS } from '../../src/nn/program.ts';

it('the kernels number their steps as the plans do', async () => {
  const header = await readFile(new URL('../../kernels/program.h', import.meta.url), 'utf8');
  const list = header.slice(header.indexOf('#define STEPS(STEP)')).split('\n\n')[0];
  const names = [...list.matchAll(/\bSTEP\((\w+)\)/g)].map(([, name]) => name);
  expect(names).toEqual([...STEPS]);
});

it('neighbouring steps of blocks run through together', () => {
  const number = (name: (typeof STEPS)[number]) => STEPS.indexOf(name);
  const program = encodeProgram([
    { scope: 'block', name: 'relu', words: [1, 2] },
    { scope: 'block', name: 'copy', words: [3, 4] },
    { scope: 'batch', name: 'fill_zero', words: [5, 6] },
    { scope: 'block', name: 'add', words: [7, 8, 9] },
  ]);
  expect([...program]).toEqual([
    ...[number('each_block'), 3, 8, 0, 1, number('relu'), 2, 1, 2, number('copy'), 2, 3, 4],
    ...[number('fill_zero'), 2, 5, 6],
    ...[number('each_block'), 3, 5, 0, 1, number('add'), 3, 7, 8, 9],
    ...[number('end'), 0],
  ]);
});

it('a float is handed over as its bits', () => {
  expect(floatBits(1)).toBe(0x3f800000);
  expect(floatBits(-2)).toBe(0xc0000000 | 0);
});
