import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where what can be computed again is kept between runs: `EVOPATCH_CACHE`, else `evopatch` in `XDG_CACHE_HOME` (which
 * counts only where it is absolute, as its specification says), else `~/.cache/evopatch`.
 */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { EVOPATCH_CACHE, XDG_CACHE_HOME } = environment;
  if (EVOPATCH_CACHE) return EVOPATCH_CACHE;
  const base = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(base, 'evopatch');
}
