import { resolve, sep } from 'node:path';

/** Names each folder by the end of its path, with as many parts as make the names unique. */
export function runNames(folders: readonly string[]): string[] {
  const paths = folders.map((folder) => resolve(folder).split(sep));
  const longest = Math.max(...paths.map((path) => path.length));
  for (let parts = 1; parts < longest; parts++) {
    const names = paths.map((path) => path.slice(-parts).join('/'));
    if (new Set(names).size === names.length) return names;
  }
  return folders.map((folder, index) => `${resolve(folder)} (${index + 1})`);
}
