import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { defaultCacheFolder } from '../../src/core/cache-folder.ts';

afterEach(() => vi.unstubAllEnvs());

it.each([
  [{}, join(homedir(), '.cache', 'evopatch')],
  [{ EVOPATCH_CACHE: '/a/b' }, '/a/b'],
  [{ EVOPATCH_CACHE: '/a/b', XDG_CACHE_HOME: '/x' }, '/a/b'],
  [{ EVOPATCH_CACHE: '', XDG_CACHE_HOME: '/x' }, join('/x', 'evopatch')],
  [{ XDG_CACHE_HOME: 'relative' }, join(homedir(), '.cache', 'evopatch')],
])('in the environment %o it is %s', (environment, folder) => {
  expect(defaultCacheFolder(environment)).toBe(folder);
});

it('is undefined, not the working folder, if the home folder has no name', () => {
  vi.stubEnv('HOME', '');
  expect(defaultCacheFolder({})).toBeUndefined();
  expect(defaultCacheFolder({ EVOPATCH_CACHE: '/a/b' })).toBe('/a/b');
});
