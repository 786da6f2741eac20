import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../src/nn/safetensors.ts';

const encoder = new TextEncoder();

/** Makes a file with this header, unchanged, before `data` bytes of zeros. */
function fileOf(header: unknown, data = 0): Uint8Array {
  const json = encoder.encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (shape: readonly number[], begin: number, end: number, dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function expectRefused(bytes: Uint8Array, problem: RegExp): void {
  expect(() => decodeSafetensors(bytes)).toThrow(
    expect.objectContaining({ name: 'EvopatchError', code: expect.stringMatching(/^INVALID_(MODEL|DATA)$/) }),
  );
  expect(() => decodeSafetensors(bytes)).toThrow(problem);
}

describe('the container', () => {
  it('follows its specification', () => {
    const tensors = new Map([
      ['b', { shape: [2, 1], values: Float32Array.of(1, -2) }],
      ['a', { shape: [], values: Float32Array.of(0.5) }],
    ]);
    const bytes = encodeSafetensors({ metadata: { kind: 'test' }, tensors });
    const view = new DataView(bytes.buffer);
    const length = Number(view.getBigUint64(0, true));
    const json = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    expect(length % 8).toBe(0);
    expect(JSON.parse(json)).toEqual({
      __metadata__: { kind: 'test' },
      a: entry([], 0, 4),
      b: entry([2, 1], 4, 12),
    });
    expect([0, 4, 8].map((offset) => view.getFloat32(8 + length + offset, true))).toEqual([0.5, 1, -2]);
    expect(bytes).toHaveLength(8 + length + 12);
  });

  it('returns its contents bit for bit, in any order', () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
    const tensor = fc
      .array(finite, { maxLength: 20 })
      .map((values): NamedTensor => ({ shape: [values.length, 1], values: Float32Array.from(values) }));
    const name = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.startsWith('__'));
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), fc.array(fc.tuple(name, tensor)), (metadata, list) => {
        const tensors = new Map(list);
        const bytes = encodeSafetensors({ metadata, tensors });
        const read = decodeSafetensors(bytes);
        expect({ ...read.metadata }).toEqual({ ...metadata });
        expect([...read.tensors].sort()).toEqual([...tensors].sort());
        expect(encodeSafetensors({ metadata, tensors: new Map([...tensors].reverse()) })).toEqual(bytes);
        expect(encodeSafetensors(read)).toEqual(bytes);
      }),
      { seed: 3 },
    );
  });

  it('may begin anywhere in a larger buffer', () => {
    const bytes = encodeSafetensors({
      metadata: {},
      tensors: new Map([['a', { shape: [1], values: Float32Array.of(7) }]]),
    });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3)).tensors.get('a')?.values).toEqual(Float32Array.of(7));
  });

  it('of another writer is read: entries in any order, spaces, no metadata', () => {
    const header = ` ${JSON.stringify({ second: entry([1], 4, 8), first: entry([1], 0, 4) })}  `;
    const { metadata, tensors } = decodeSafetensors(fileOf(header, 8));
    expect(metadata).toEqual({});
    expect([...tensors.keys()]).toEqual(['first', 'second']);
  });
});

describe('a damaged container is refused:', () => {
  const huge = fileOf('{}');
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true);
  const long = fileOf('{}');
  new DataView(long.buffer).setBigUint64(0, 3n, true);
  const infinite = fileOf({ a: entry([1], 0, 4) }, 4);
  new DataView(infinite.buffer).setFloat32(infinite.length - 4, Number.POSITIVE_INFINITY, true);
  const broken = fileOf({ a: entry([1], 0, 4) }, 4);
  broken[10] = 0xff;

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(), /too short/],
    ['less than a length', new Uint8Array(7), /too short/],
    ['a header of exabytes', huge, /the header may have/],
    ['a header behind the end', long, /ends within its header/],
    ['no JSON', fileOf('{"a":'), /not JSON/],
    ['no UTF-8', broken, /not UTF-8/],
    ['no object', fileOf('[1]'), /expected object/],
    [
      'a name that occurs twice',
      fileOf(`{"a":${JSON.stringify(entry([0], 0, 0))},"\\u0061":0}`),
      /occurs twice/,
    ],
    ['the key __proto__', fileOf('{"__proto__":{}}'), /not allowed/],
    ['metadata that is no string', fileOf({ __metadata__: { a: 1 } }), /__metadata__\.a.*expected string/],
    ['another type', fileOf({ a: entry([1], 0, 4, 'F16') }, 4), /a\.dtype/],
    ['an unknown field', fileOf({ a: { ...entry([1], 0, 4), more: 1 } }, 4), /a\.more/],
    ['a negative side', fileOf({ a: entry([-1], 0, 4) }, 4), /a\.shape\[0\]/],
    ['a side that is no whole number', fileOf({ a: entry([0.5], 0, 2) }, 2), /a\.shape\[0\]/],
    ['too many sides', fileOf({ a: entry(new Array(9).fill(1), 0, 4) }, 4), /a\.shape/],
    ['a shape of other size', fileOf({ a: entry([2], 0, 4) }, 4), /offsets of 'a'/],
    [
      'a shape beyond all numbers',
      fileOf({ a: entry(new Array(8).fill(2 ** 50), 0, 4) }, 4),
      /offsets of 'a'/,
    ],
    ['a gap', fileOf({ a: entry([1], 4, 8) }, 8), /offsets of 'a'/],
    ['an overlap', fileOf({ a: entry([1], 0, 4), b: entry([1], 2, 6) }, 8), /offsets of 'b'/],
    ['data missing', fileOf({ a: entry([1], 0, 4) }, 3), /offsets of 'a'/],
    ['data left over', fileOf({ a: entry([1], 0, 4) }, 5), /should have/],
    ['infinity', infinite, /'a' holds a number that is not finite/],
  ])('%s', (_, bytes, problem) => expectRefused(bytes, problem));

  it('random bytes, with an error of our own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.string({ maxLength: 60 }), (bytes, header) => {
        for (const file of [bytes, fileOf(header), fileOf(`{${header}}`)]) {
          try {
            decodeSafetensors(file);
          } catch (error) {
            expect(error).toMatchObject({ name: 'EvopatchError' });
          }
        }
      }),
      { seed: 4 },
    );
  });
});
