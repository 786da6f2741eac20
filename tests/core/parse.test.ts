import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EvopatchError } from '../../src/core/errors.ts';
import { parse } from '../../src/core/parse.ts';

const schema = z.strictObject({
  name: z.string().default('nobody'),
  list: z.array(z.strictObject({ size: z.int().min(1) })),
});

function errorOf(value: unknown): EvopatchError {
  try {
    parse(schema, value, 'INVALID_OPTION');
  } catch (error) {
    if (error instanceof EvopatchError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parse', () => {
  it('fills in defaults', () => {
    expect(parse(schema, { list: [] }, 'INVALID_OPTION')).toEqual({ name: 'nobody', list: [] });
  });

  it('names the field at fault and shows what was given', () => {
    const error = errorOf({ list: [{ size: 1 }, { size: 0 }] });
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.data).toMatchObject({ option: 'list[1].size', given: 0 });
    expect(error.message).toContain("'list[1].size'");
  });

  it('names a field that should not be there', () => {
    expect(errorOf({ list: [], nmae: 'x' }).data).toMatchObject({ option: 'nmae', given: 'x' });
    expect(errorOf({ list: [{ size: 1, side: 2 }] }).data).toMatchObject({
      option: 'list[0].side',
      given: 2,
    });
  });

  it('names no field if the value itself is wrong', () => {
    expect(errorOf(undefined).data.option).toBeUndefined();
    expect(errorOf([1]).data.option).toBeUndefined();
  });
});
