import { describe, expect, test } from 'vitest';
import { LoadingLine } from '../../../src/cli/data/loading-line.ts';
import { EvopatchError } from '../../../src/core/errors.ts';

function play(isTTY: boolean, act: (line: LoadingLine) => void): string {
  let written = '';
  const line = new LoadingLine({
    isTTY,
    columns: 120,
    write: (text) => {
      written += text;
    },
  });
  act(line);
  line.end();
  return written;
}

describe('LoadingLine', () => {
  test('shows count, rate and what is not aligned on a terminal, and erases the line', () => {
    const written = play(true, (line) => {
      line.show({ samples: 1024, unaligned: 0, total: 32_298 });
      line.show({ samples: 2048, unaligned: 17 });
    });
    const [first, second, last] = written.split('\r\x1b[1A\x1b[J');
    expect(first).toMatch(/^1,024 of 32,298 pictures, 0 s, [\d,]+ per second\n$/);
    expect(second).toMatch(/^2,048 pictures, 0 s, [\d,]+ per second, 17 not aligned\n$/);
    expect(last).toBe('');
  });

  test('shows the share of a file whose rows are not counted', () => {
    const written = play(true, (line) => {
      line.show({ samples: 1024, unaligned: 0, share: 0.319 });
      line.show({ samples: 1024, unaligned: 0, total: 2048, share: 0.319 });
    });
    expect(written).toMatch(/^1,024 pictures \(31 % of the file\), 0 s/);
    expect(written).toMatch(/\n1,024 of 2,048 pictures, 0 s|J1,024 of 2,048 pictures, 0 s/);
  });

  test('tells of twenty images that are left out, then how many more there were', () => {
    const error = new EvopatchError('INVALID_IMAGE', 'the image file is empty', { file: 'a.png' });
    const skip = (count: number) => (line: LoadingLine) => {
      for (let i = 0; i < count; i++) line.skip({ file: 'a.png', error });
    };
    const told = 'left out: a.png: the image file is empty\n';
    expect(play(false, skip(20))).toBe(told.repeat(20));
    expect(play(false, skip(1234))).toBe(`${told.repeat(20)}left out: 1,214 more\n`);
  });

  test('elsewhere is silent for a short while', () => {
    expect(play(false, (line) => line.show({ samples: 5, unaligned: 0 }))).toBe('');
  });
});
