import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readLines } from '../../src/core/byte-lines.ts';

function write(content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'text');
  writeFileSync(file, content);
  return file;
}

async function linesOf(file: string, longest = 1 << 20, signal?: AbortSignal): Promise<[number, string][]> {
  const lines: [number, string][] = [];
  for await (const { bytes, row } of readLines(file, longest, { signal })) {
    lines.push([row, new TextDecoder().decode(bytes)]);
  }
  return lines;
}

describe('readLines', () => {
  it('numbers lines from one and leaves out empty ones, line breaks and the byte order mark', async () => {
    expect(await linesOf(write('\uFEFFa\r\n\nb\n\r\nc'))).toEqual([
      [1, 'a'],
      [3, 'b'],
      [5, 'c'],
    ]);
    expect(await linesOf(write(''))).toEqual([]);
  });

  it('joins lines that lie across chunks, plain and gzipped', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${i} `.repeat(i * 7));
    const text = lines.join('\n');
    expect(text.length).toBeGreaterThan(2 ** 20);
    const expected = lines.map((line, i) => [i + 1, line]).filter(([, line]) => line !== '');
    expect(await linesOf(write(text))).toEqual(expected);
    expect(await linesOf(write(gzipSync(text)))).toEqual(expected);
  });

  it('refuses a line that is too long, at its end and before it', async () => {
    const file = write(`short\n${'x'.repeat(101)}\nshort`);
    const problem = { code: 'INVALID_DATA', data: { file, row: 2 } };
    await expect(linesOf(file, 100)).rejects.toMatchObject(problem);
    expect(await linesOf(file, 101)).toHaveLength(3);
    await expect(linesOf(write('x'.repeat(2 ** 20)), 100)).rejects.toMatchObject({ data: { row: 1 } });
  });

  it('gives a typed error for every truncation of a gzip', async () => {
    const whole = gzipSync(Array.from({ length: 200 }, (_, i) => `line ${i * i}`).join('\n'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: whole.length - 1 }), async (length) => {
        const file = write(whole.subarray(0, length));
        await expect(linesOf(file)).rejects.toMatchObject({ code: 'INVALID_DATA', data: { file } });
      }),
      { numRuns: 30 },
    );
  });

  it('stops on an abort', async () => {
    const signal = AbortSignal.abort();
    await expect(linesOf(write('a\nb'), 100, signal)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('says which file cannot be read', async () => {
    const folder = tmpdir();
    await expect(linesOf(folder)).rejects.toMatchObject({ code: 'FILE_SYSTEM', data: { file: folder } });
  });
});
