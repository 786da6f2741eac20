import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../src/core/byte-lines.ts';
import { readCsv } from '../../src/core/csv-records.ts';
import { readTextFile } from '../../src/core/read-text.ts';
import { parseEncoding } from '../../src/core/text-encoding.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

/** Lines as [row, text], from any reader. */
type Reader = (file: string, encoding?: string) => Promise<[number, string][]>;

const readers: Record<string, Reader> = {
  readLines: async (file, encoding) => {
    const lines: [number, string][] = [];
    for await (const { bytes, row } of readLines(file, 2 ** 20, { encoding })) {
      lines.push([row, Buffer.from(bytes).toString()]);
    }
    return lines;
  },
  readCsv: async (file, encoding) => {
    const lines: [number, string][] = [];
    for await (const { fields, row } of readCsv(file, { encoding })) lines.push([row, fields.join()]);
    return lines;
  },
  readTextFile: async (file) => {
    const lines = (await readTextFile(file)).split(/\r?\n/);
    return lines.map((line, i): [number, string] => [i + 1, line]).filter(([, line]) => line !== '');
  },
};
const NAMES = Object.keys(readers);
const STREAMING = ['readLines', 'readCsv'];

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const write = (bytes: Uint8Array | string) => {
  const file = join(temporaryFolder(), 'text.csv');
  writeFileSync(file, bytes);
  return file;
};
const TEXT = 'path,label\na,злость\nb,été 😀\n';
const LINES = [
  [1, 'path,label'],
  [2, 'a,злость'],
  [3, 'b,été 😀'],
];
/** The letters of windows-1251 that the tests need. */
const cp1251 = (text: string) =>
  Buffer.from(
    [...text].map((c) => (c >= 'а' && c <= 'я' ? 0xe0 + c.charCodeAt(0) - 0x430 : c.charCodeAt(0))),
  );

describe.each(NAMES)('%s', (name) => {
  const read = readers[name];

  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16 little endian with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['UTF-16 big endian with a mark', utf16be(`\uFEFF${TEXT}`)],
    ['Windows line breaks', Buffer.from(TEXT.replaceAll('\n', '\r\n'))],
  ])('reads %s', async (_, bytes) => {
    expect(await read(write(bytes))).toEqual(LINES);
  });

  it.each([
    [
      'windows-1251',
      cp1251('path,label\na,злость\n'),
      { row: 2, byte: 14, given: 'hexadecimal e7 eb ee f1' },
    ],
    [
      'latin-1',
      Buffer.from('path,label\na,\u00e9t\u00e9\n', 'latin1'),
      { row: 2, byte: 14, given: 'hexadecimal e9 74 e9 a' },
    ],
    [
      'a character cut off at the end',
      Buffer.from('path\na,é').subarray(0, -1),
      { row: 2, byte: 8, given: 'hexadecimal c3' },
    ],
    [
      'a character cut off by a line break',
      Buffer.from([0x61, 0x0a, 0xe2, 0x82, 0x0a, 0x61]),
      { row: 2, byte: 3, given: 'hexadecimal e2 82 a' },
    ],
    [
      'an overlong sequence',
      Buffer.from([0x61, 0xc0, 0xaf]),
      { row: 1, byte: 2, given: 'hexadecimal c0 af' },
    ],
    ['UTF-16 without a mark', Buffer.from('ab\nc\n', 'utf16le'), { row: 1, problem: 'NUL' }],
    ['a NUL', Buffer.from('a\nb\0c\n'), { row: 2, problem: 'NUL' }],
    ['UTF-16 with half a pair', Buffer.from('\uFEFFa\n\uD83D', 'utf16le'), { row: 2, byte: 7 }],
    [
      'UTF-16 with an odd byte',
      Buffer.concat([Buffer.from('\uFEFFa\n', 'utf16le'), Buffer.of(0x61)]),
      { row: 2, byte: 7 },
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), { problem: 'UTF-32' }],
  ] as [string, Buffer, { row?: number; byte?: number; given?: string; problem?: string }][])(
    'refuses %s',
    async (_, bytes, { row, byte, given, problem }) => {
      const file = write(bytes);
      const error = await read(file).catch((cause) => cause);
      expect(error).toMatchObject({
        code: 'INVALID_DATA',
        data: { file, hint: expect.stringContaining('UTF-8') },
      });
      expect(error.data.row).toBe(row);
      if (given !== undefined) expect(error.data.given).toContain(given);
      expect(error.problem).toContain(problem ?? `at byte ${byte}`);
    },
  );
});

describe.each(STREAMING)('%s', (name) => {
  const read = readers[name];

  it.each([
    ['windows-1251', cp1251('a\nзлость\n'), 'злость'],
    ['cp1251', cp1251('a\nзлость\n'), 'злость'],
    ['latin1', Buffer.from('a\n\u00e9t\u00e9 \u0080\n', 'latin1'), 'été €'],
    ['UTF-16LE', Buffer.from('a\nзлость\n', 'utf16le'), 'злость'],
    ['utf-16be', utf16be('a\nзлость\n'), 'злость'],
    ['gbk', Buffer.from([0x61, 0x0a, 0xc9, 0xfa, 0xc6, 0xf8, 0x0a]), '生气'],
  ])('reads a named encoding, %s', async (encoding, bytes, word) => {
    const lines = [
      [1, 'a'],
      [2, word],
    ];
    expect(await read(write(bytes), encoding)).toEqual(lines);
    expect(await read(write(gzipSync(bytes)), encoding)).toEqual(lines);
  });

  it('prefers a byte order mark to a name', async () => {
    expect(await read(write('\uFEFFé\n'), 'windows-1251')).toEqual([[1, 'é']]);
  });

  it('refuses bytes that are invalid in the named encoding', async () => {
    const problem = { code: 'INVALID_DATA', data: { row: 2, given: 'hexadecimal a1 a' } };
    await expect(read(write(Buffer.from([0x61, 0x0a, 0xa1, 0x0a])), 'euc-jp')).rejects.toMatchObject(problem);
  });

  it('counts rows and bytes from the beginning of the file', async () => {
    const lines = 'é'.repeat(500).concat('\n').repeat(1000);
    const file = write(Buffer.concat([Buffer.from(lines), Buffer.of(0xff)]));
    const error = await read(file).catch((cause) => cause);
    expect(error.data.row).toBe(1001);
    expect(error.problem).toContain(`at byte ${Buffer.byteLength(lines) + 1}`);
  });
});

it('gives the same lines for characters and lines of any length', async () => {
  const letter = fc.constantFrom('a', 'é', '生', '😀', 'ਊ', '\u0a0a', '\u0d0a', ' ');
  const text = fc.array(fc.array(letter, { maxLength: 60_000 }).map((letters) => `x${letters.join('')}x`));
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('utf8', 'utf16le', 'utf16be'), async (lines, form) => {
      const content = `\uFEFF${lines.join('\n')}`;
      const file = write(
        form === 'utf16be' ? utf16be(content) : Buffer.from(content, form as BufferEncoding),
      );
      expect(await readers.readLines(file)).toEqual(lines.map((line, i) => [i + 1, line]));
    }),
    { numRuns: 30 },
  );
});

it('knows encodings by any of their names', () => {
  expect(['UTF8', 'cp1251', 'latin1'].map(parseEncoding)).toEqual(['utf-8', 'windows-1251', 'windows-1252']);
  expect(() => parseEncoding('klingon')).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', data: expect.objectContaining({ given: 'klingon' }) }),
  );
});

describe.each(STREAMING)('line breaks in %s', (name) => {
  const rows = Array.from({ length: 4000 }, (_, i) => `${i},${'x'.repeat(i % 50)}`);
  const expected = rows.map((row, i) => [i + 1, row]);

  it.each([
    ['of Unix', '\n'],
    ['of Windows', '\r\n'],
    ['of old Macs', '\r'],
  ])('may be those %s, in any encoding, at the end or not', async (_, lineBreak) => {
    const text = rows.join(lineBreak);
    for (const whole of [text, text + lineBreak]) {
      expect(await readers[name](write(whole))).toEqual(expected);
      expect(await readers[name](write(Buffer.from(`\uFEFF${whole}`, 'utf16le')))).toEqual(expected);
      expect(await readers[name](write(utf16be(`\uFEFF${whole}`)))).toEqual(expected);
    }
  });

  it('may be mixed', async () => {
    const breaks = ['\r\n', '\n', '\r'];
    const text = rows.map((row, i) => row + breaks[i % 3]).join('');
    expect(await readers[name](write(text))).toEqual(expected);
  });

  it('count in errors', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\rc,d\re,'), Buffer.of(0xff), Buffer.from('\r')]);
    await expect(readers[name](write(bytes))).rejects.toMatchObject({ data: { row: 3 } });
  });
});
