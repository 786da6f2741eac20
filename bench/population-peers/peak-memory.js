// The memory of a program with all that it starts, while it runs (Linux).
import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
const INTERVAL = 100;

/**
 * Watches a process and its descendants.
 *
 * @returns a function that ends the watch and returns the highest sum of their resident memory, bytes, or `null` where there is no
 * /proc. Memory that several of them share counts in each.
 */
export function watchMemory(pid) {
  let highest = null;
  const look = () => {
    const bytes = familyOf(pid).reduce((sum, one) => sum + residentBytes(one), 0);
    if (bytes > 0) highest = Math.max(highest ?? 0, bytes);
  };
  const timer = setInterval(look, INTERVAL);
  look();
  return () => {
    clearInterval(timer);
    return highest;
  };
}

function familyOf(pid) {
  const children = readLines(`/proc/${pid}/task`, (path) => readdirSync(path)).flatMap((thread) =>
    readLines(`/proc/${pid}/task/${thread}/children`, (path) =>
      readFileSync(path, 'utf8').split(' ').filter(Boolean),
    ),
  );
  return [pid, ...children.flatMap(familyOf)];
}

function residentBytes(pid) {
  const [pages = '0'] = readLines(`/proc/${pid}/statm`, (path) => [readFileSync(path, 'utf8').split(' ')[1]]);
  return PAGE_BYTES * Number(pages);
}

/** Reads what may have gone meanwhile. */
function readLines(path, read) {
  try {
    return read(path);
  } catch {
    return [];
  }
}
