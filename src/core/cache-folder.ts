import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Finds the folder for data that can be computed again: `EVOPATCH_CACHE`, else `evopatch` in `XDG_CACHE_HOME` (only if it is
 * absolute, as its specification requires), else `~/.cache/evopatch`.
 *
 * @returns undefined if no variable names a folder and the user has no home, as for many service accounts and containers
 */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { EVOPATCH_CACHE, XDG_CACHE_HOME } = environment;
  if (EVOPATCH_CACHE) return EVOPATCH_CACHE;
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'evopatch');
  const home = homeFolder();
  return home === undefined ? undefined : join(home, '.cache', 'evopatch');
}

/** Finds the user's home folder. Node throws if `HOME` is not set and the system's list has no entry for the user. */
function homeFolder(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined; // an empty HOME would mean the working folder
  } catch {
    return undefined;
  }
}
