import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { csvLine, csvText } from '../../src/core/csv-line.ts';
import { readCsv } from '../../src/core/csv-records.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(',', '"', ';', '\n', '\r', '\t', ' ', "'", '=', '+', '-', '@', '＝'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
});

describe('a line of csv', () => {
  it('is read back unchanged for any texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (fields) => {
        const file = join(temporaryFolder(), 'a.csv');
        writeFileSync(file, csvLine(['first', ...fields])); // a line of one empty field would be an empty line
        const records = [];
        for await (const record of readCsv(file)) records.push(record.fields.map(csvText));
        expect(records).toEqual([['first', ...fields]]);
      }),
      { numRuns: 200 },
    );
  });

  it('has no text that a spreadsheet takes for a formula', () => {
    fc.assert(
      fc.property(text, (field) => {
        const line = csvLine([field]).slice(0, -1);
        const shown = line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
        expect(shown).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/);
      }),
    );
  });

  test.each([
    ['=1+1.png', "'=1+1.png"],
    ['+cmd|calc', "'+cmd|calc"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', '"\'\t=1"'],
    ["'=1", "''=1"],
    ["it's", "it's"],
    ['a-b.png', 'a-b.png'],
    ['a;=1', '"a;=1"'],
  ])('writes %j as %j', (field, written) => {
    expect(csvLine([field])).toBe(`${written}\n`);
    expect(csvText(written.replaceAll('"', ''))).toBe(field);
  });

  it('keeps finite numbers and omits others', () => {
    expect(csvLine([-1.5, 0, Number.NaN, Number.POSITIVE_INFINITY, 1e-7])).toBe('-1.5,0,,,1e-7\n');
  });
});
