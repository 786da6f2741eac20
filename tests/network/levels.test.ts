import { expect, it } from 'vitest';
import { GREY_LEVELS, withLevels } from '../../src/network/levels.ts';
import { zooNetwork } from '../../src/zoo/zoo.ts';

it('only the grey levels of a network change', () => {
  const published = zooNetwork('microExpNet');
  const [crop, ...others] = published.layers;
  expect(crop).toMatchObject({ kind: 'crop', levels: 'raw' });
  expect(withLevels(published)).toBe(published);
  expect(withLevels(published, 'raw')).toEqual(published);
  expect(withLevels(published, 'signed').layers).toEqual([{ ...crop, levels: 'signed' }, ...others]);
  const normalized = withLevels(published, 'normalized');
  expect(normalized.layers[0]).not.toHaveProperty('levels');
  expect(normalized.layers.slice(1)).toEqual(others);
  for (const levels of GREY_LEVELS)
    expect(withLevels(withLevels(published, levels), 'raw')).toEqual(published);
});

it('unknown levels are refused', () => {
  expect(() => withLevels(zooNetwork('baseline'), 'grey' as never)).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      problem: 'must be one of normalized, signed, raw',
      data: { option: 'levels', given: 'grey' },
    }),
  );
});
