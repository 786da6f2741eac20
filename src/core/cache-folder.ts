import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * The folder for what can be computed again: `EVOPATCH_CACHE`, else `evopatch` in `XDG_CACHE_HOME` (which counts only
 * where it is absolute, as its specification says), else `~/.cache/evopatch`.
 *
 * @returns undefined where nobody names a folder and the user has no home, as for many service accounts and containers
 */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { EVOPATCH_CACHE, XDG_CACHE_HOME } = environment;
  if (EVOPATCH_CACHE) return EVOPATCH_CACHE;
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'evopatch');
  const home = homeFolder();
  return home === undefined ? undefined : join(home, '.cache', 'evopatch');
}

/** The user's home folder. Node throws where `HOME` is not set and the user has no entry in the system's list. */
function homeFolder(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined; // an empty HOME would be the working folder
  } catch {
    return undefined;
  }
}
