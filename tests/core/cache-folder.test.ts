import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultCacheFolder } from '../../src/core/cache-folder.ts';

it.each([
  [{}, join(homedir(), '.cache', 'evopatch')],
  [{ EVOPATCH_CACHE: '/a/b' }, '/a/b'],
  [{ EVOPATCH_CACHE: '/a/b', XDG_CACHE_HOME: '/x' }, '/a/b'],
  [{ EVOPATCH_CACHE: '', XDG_CACHE_HOME: '/x' }, join('/x', 'evopatch')],
  [{ XDG_CACHE_HOME: 'relative' }, join(homedir(), '.cache', 'evopatch')],
])('in the environment %o it is %s', (environment, folder) => {
  expect(defaultCacheFolder(environment)).toBe(folder);
});
