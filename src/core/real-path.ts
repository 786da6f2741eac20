import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** The maximum number of consecutive links, as on Linux. */
const MAX_LINKS = 40;

/** Resolves all links of a path, also of a file that does not exist yet. */
export async function realPath(path: string, links = 0): Promise<string> {
  const absolute = resolve(path);
  const existing = await realpath(absolute).catch(() => undefined);
  if (existing !== undefined || dirname(absolute) === absolute) return existing ?? absolute;
  const target = await readlink(absolute).catch(() => undefined);
  if (target !== undefined && links < MAX_LINKS)
    return realPath(resolve(dirname(absolute), target), links + 1);
  return join(await realPath(dirname(absolute), links), basename(absolute));
}
