import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeControls, escapeLines } from '../../src/core/escape-controls.ts';

describe('what a terminal would obey is shown instead', () => {
  test.each([
    ['\x1b[2J\x1b]0;title\x07', '\\x1b[2J\\x1b]0;title\\x07'],
    ['\x9b31m', '\\x9b31m'],
    ['a\rb\x08', 'a\\x0db\\x08'],
    ['happy\nsad', 'happy\\x0asad'],
    ['a\tb', 'a\\x09b'],
    ['\u202eyppah', '\\u202eyppah'],
    ['\u2028', '\\u2028'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\u{e0041}'],
  ])('%j', (text, shown) => expect(escapeControls(text)).toBe(shown));
});

test.each(['angry', 'радость', '怒り', 'عصبانی\u200cها', '👩\u200d🔬', 'e\u0301', "it's 5 % – “ok”"])(
  '%s stays as it is',
  (text) => expect(escapeControls(text)).toBe(text),
);

test('lines stay lines', () => expect(escapeLines('a\x07\nb\r\nc')).toBe('a\\x07\nb\\x0d\nc'));

test('no text keeps a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeControls(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      expect(escapeControls(escapeControls(text))).toBe(escapeControls(text));
    }),
  );
});
