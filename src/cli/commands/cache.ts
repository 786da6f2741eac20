import { resolve } from 'node:path';
import { type CacheFile, cacheFiles, filesToPrune, removeFiles } from '../../core/cache-content.ts';
import { defaultCacheFolder } from '../../core/cache-folder.ts';
import { EvopatchError } from '../../core/errors.ts';
import { formatCount } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';
import type { CacheAnswer, CacheShare } from '../answers.ts';
import { defineCommand } from '../command.ts';

const DAY = 24 * 60 * 60_000;
const MEGABYTE = 2 ** 20;

export const cacheCommand = defineCommand({
  name: 'cache',
  summary: 'Show the size of the cache, and prune it',
  description:
    'Shows what evopatch has cached: prepared face frames, landmarks, outputs of teachers, and, in a folder of ' +
    "--evaluation-cache, evaluations; also the leftovers of killed processes. '--prune' removes these leftovers and the files " +
    'beyond the limits. Removed content is computed again when it is needed; other files in the folder are never touched.',
  options: {
    cache: {
      kind: 'text',
      placeholder: 'DIR',
      description: 'The folder of the cache.',
      default: 'EVOPATCH_CACHE, else ~/.cache/evopatch',
    },
    prune: {
      kind: 'flag',
      description:
        'Remove leftovers and the files beyond the limits. Do not run it while another process uses the cache.',
    },
    'older-than': {
      kind: 'number',
      placeholder: 'DAYS',
      minimum: 0,
      description: 'Prune files that were written more than this many days ago.',
      default: 'no limit of age',
    },
    'max-size': {
      kind: 'number',
      placeholder: 'MB',
      minimum: 0,
      description: 'Prune the oldest files until at most this many megabytes are left.',
      default: 'no limit of size',
    },
  },
  examples: [
    'evopatch cache',
    'evopatch cache --prune --older-than 30',
    'evopatch cache --prune --max-size 500',
  ],
  run: async ({ cache, prune, 'older-than': days, 'max-size': megabytes }) => {
    if (!prune) refuseLimits({ '--older-than': days, '--max-size': megabytes });
    const chosen = cache ?? defaultCacheFolder();
    if (chosen === undefined) {
      const hint = 'There is no home folder; give --cache DIR';
      throw new EvopatchError('INVALID_OPTION', 'there is no cache folder', { option: '--cache', hint });
    }
    const folder = resolve(chosen);
    const files = await cacheFiles(folder);
    const limits = {
      before: days === undefined ? undefined : Date.now() - days * DAY,
      maxBytes: megabytes === undefined ? undefined : megabytes * MEGABYTE,
    };
    const removed = prune ? await removeFiles(filesToPrune(files, limits)) : [];
    const gone = new Set(removed);
    const answer: CacheAnswer = {
      folder,
      kinds: sharesOf(files.filter((file) => !gone.has(file))),
      ...(prune ? { removed: sharesOf(removed) } : {}),
    };
    return { json: answer, text: describe(answer) };
  },
});

function refuseLimits(limits: Readonly<Record<string, number | undefined>>): void {
  const [option] = Object.entries(limits).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined) return;
  const hint = 'Add --prune';
  throw new EvopatchError('INVALID_OPTION', 'this option only works with --prune', { option, hint });
}

/** Sums up files by kind, in the order of the kinds' names. @param files the oldest first */
function sharesOf(files: readonly CacheFile[]): CacheShare[] {
  const kinds = [...new Set(files.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const own = files.filter((file) => file.kind === kind);
    return {
      kind,
      files: own.length,
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      oldest: new Date(own[0].written).toISOString(),
    };
  });
}

function describe({ folder, kinds, removed }: CacheAnswer): string {
  const parts = [folder, kinds.length === 0 ? 'The cache is empty.' : table(kinds)];
  if (removed !== undefined) {
    const total = (key: 'files' | 'bytes') => removed.reduce((sum, share) => sum + share[key], 0);
    parts.push(`Removed: ${formatCount(total('files'))} files, ${formatMegabytes(total('bytes'))}.`);
  }
  return parts.join('\n');
}

function table(shares: readonly CacheShare[]): string {
  return formatTable(
    [{ title: 'kind', align: 'left' }, { title: 'files' }, { title: 'size' }, { title: 'oldest' }],
    shares.map(({ kind, files, bytes, oldest }) => [
      kind,
      formatCount(files),
      formatMegabytes(bytes),
      oldest.slice(0, 10),
    ]),
  );
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
