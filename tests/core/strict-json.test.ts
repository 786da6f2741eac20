import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../src/core/strict-json.ts';

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (json) => {
        fc.pre(!json.includes('__proto__'));
        expect(parseStrictJson(json)).toEqual(JSON.parse(json));
      }),
      { seed: 1 },
    );
    const tricky = '{"a":{"x":1},"b":{"x":2},"c":["x","x"],"d\\"":":","e{":"}","f":"\\"x\\":"}';
    expect(parseStrictJson(tricky)).toEqual(JSON.parse(tricky));
  });

  it.each([
    ['a repeated key', '{"a":1,"b":{"c":1,"c":2}}', /'c': this key occurs twice/],
    ['a repeated key, once escaped', '{"ab":1,"\\u0061b" : 2}', /'ab': this key occurs twice/],
    ['the key __proto__', '[{"__proto__":1}]', /not allowed/],
    ['too many levels', `${'['.repeat(65)}${']'.repeat(65)}`, /more than 64 levels/],
    ['no JSON', '{"a":1,}', /not JSON/],
    ['nothing', '', /not JSON/],
  ])('refuses %s', (_, json, problem) => {
    expect(() => parseStrictJson(json)).toThrow(expect.objectContaining({ code: 'INVALID_DATA' }));
    expect(() => parseStrictJson(json)).toThrow(problem);
  });
});
