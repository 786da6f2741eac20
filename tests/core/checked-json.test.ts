import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCheckedJson, encodeCheckedJson } from '../../src/core/checked-json.ts';

const objects = fc.dictionary(
  fc.string().filter((key) => key !== 'checksum' && key !== '__proto__'),
  fc.jsonValue(),
);

describe('JSON with a checksum', () => {
  test('is read back unchanged, from one line', () => {
    fc.assert(
      fc.property(objects, (value) => {
        const text = encodeCheckedJson(value);
        expect(text).not.toContain('\n');
        expect(decodeCheckedJson(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('is refused after any truncation or change', () => {
    const text = encodeCheckedJson({ loss: 1.2345, list: [1, 2], text: 'x' });
    for (let length = 0; length < text.length; length++) {
      expect(() => decodeCheckedJson(text.slice(0, length))).toThrow(
        expect.objectContaining({ code: 'INVALID_DATA' }),
      );
    }
    for (let i = 0; i < text.length; i++) {
      const changed = `${text.slice(0, i)}${text[i] === '7' ? '8' : '7'}${text.slice(i + 1)}`;
      expect(() => decodeCheckedJson(changed)).toThrow(expect.objectContaining({ code: 'INVALID_DATA' }));
    }
  });
});
