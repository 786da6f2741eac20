import { expect, it } from 'vitest';
import { type LoadOptions, parseLoadOptions } from '../../src/data/load-options.ts';

it('fills in what was left out', () => {
  expect(parseLoadOptions({})).toEqual({ align: 'similarity', faces: 'auto', onBadImage: 'stop' });
  const signal = AbortSignal.abort();
  const onSkip = () => undefined;
  expect(parseLoadOptions({ align: 'nose', signal, onSkip })).toMatchObject({
    align: 'nose',
    signal,
    onSkip,
  });
});

it.each([
  [{ points: '' }, 'points', ''],
  [{ align: 'both' }, 'align', 'both'],
  [{ faces: 'large' }, 'faces', 'large'],
  [{ workers: -1 }, 'workers', -1],
  [{ workers: 1.5 }, 'workers', 1.5],
  [{ workers: 257 }, 'workers', 257],
  [{ cacheFolder: '' }, 'cacheFolder', ''],
  [{ onBadImage: 'ignore' }, 'onBadImage', 'ignore'],
  [{ onSkip: 1 }, 'onSkip', 1],
  [{ onProgress: 'x' }, 'onProgress', 'x'],
  [{ signal: true }, 'signal', true],
  [{ alignment: 'nose' }, 'alignment', 'nose'],
])('refuses %o and names the option', (options, option, given) => {
  const problem = { code: 'INVALID_OPTION', data: { option, given } };
  expect(() => parseLoadOptions(options as LoadOptions)).toThrow(expect.objectContaining(problem));
});
