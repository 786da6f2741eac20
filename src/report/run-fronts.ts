import { EvopatchError } from '../core/errors.ts';
import type { Genome } from '../genome/genome.ts';
import { readCheckpoint } from '../run/checkpoint.ts';
import { readResult } from '../run/result-file.ts';
import { readHistory } from './run-history.ts';

/** The front of a run after one of its generations. */
export interface RunFront {
  /** From 0. */
  readonly generation: number;
  /** The most exact first. */
  readonly members: readonly { readonly genome: Genome; readonly accuracy: number }[];
}

/**
 * The fronts of a run, generation by generation, from its files: what `convergenceOf` draws; of one that has not ended, as far
 * as its newest checkpoint. Genomes whose line of the history is damaged are left out.
 *
 * @throws EvopatchError `FILE_SYSTEM` where there is neither or no file can be read, `INVALID_RUN` where the result is damaged
 * or the history names none of the genomes.
 */
export async function readFronts(folder: string): Promise<RunFront[]> {
  const result = await readResult(folder);
  const history = result?.history ?? (await readCheckpoint(folder, () => undefined))?.progress.history;
  if (history === undefined) {
    const hint = 'Give the folder of a run, as evolve wrote it, in which a generation has ended';
    throw new EvopatchError('FILE_SYSTEM', 'there is no result of a run', { file: folder, hint });
  }
  const { genomes } = await readHistory(folder);
  const fronts = history.map(({ index, front }) => ({
    generation: index,
    members: front.flatMap(({ hash, accuracy }) => {
      const genome = genomes.get(hash);
      return genome === undefined ? [] : [{ genome, accuracy }];
    }),
  }));
  const known = fronts.filter(({ members }) => members.length > 0);
  if (known.length === 0) {
    throw new EvopatchError('INVALID_RUN', 'the history holds no genome of a front', { file: folder });
  }
  return known;
}
