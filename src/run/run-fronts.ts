import { EvopatchError } from '../core/errors.ts';
import type { Genome } from '../genome/genome.ts';
import { genomesOf, readTrainings } from './history-lines.ts';
import { currentResult, openRun } from './run-record.ts';

/** The front of a run after one of its generations. */
export interface RunFront {
  /** From 0. */
  readonly generation: number;
  /** The most exact first. */
  readonly members: readonly { readonly genome: Genome; readonly accuracy: number }[];
}

/**
 * Reads the fronts of a run, generation by generation, for `convergenceOf` to draw; of a run that has not ended, those up to its
 * newest checkpoint. Leaves out genomes whose line of the history is damaged.
 *
 * @throws EvopatchError `FILE_SYSTEM` where the folder is none of a run or no generation has ended, `INVALID_RUN` where its
 * files are damaged or the history names none of the genomes.
 */
export async function readFronts(folder: string): Promise<RunFront[]> {
  const run = await openRun(folder);
  const history = (currentResult(run) ?? run.checkpoint?.progress)?.history;
  if (history === undefined) {
    const hint = 'Give the folder of a run, as evolve wrote it, in which a generation has ended';
    throw new EvopatchError('FILE_SYSTEM', 'there is no result of a run', { file: folder, hint });
  }
  const genomes = genomesOf(await readTrainings(folder));
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
