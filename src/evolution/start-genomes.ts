import { EvopatchError } from '../core/errors.ts';
import { type GenomeBounds, violationOf } from '../genome/bounds.ts';
import type { Genome } from '../genome/genome.ts';
import { currentResult, openRun } from '../run/run-record.ts';

/**
 * Reads the genomes that a search can start from in the folder of another run: those of its front that the bounds allow, the
 * lowest loss first.
 *
 * @throws EvopatchError `FILE_SYSTEM` where the folder is none of a run, `INVALID_RUN` where its files are damaged,
 * `INVALID_OPTION` where the run has no genome within the bounds.
 */
export async function readStartGenomes(folder: string, bounds: GenomeBounds): Promise<Genome[]> {
  const run = await openRun(folder);
  const front = (currentResult(run) ?? run.checkpoint?.progress.state)?.front ?? [];
  const genomes = front.map(({ genome }) => genome).filter((genome) => !violationOf(genome, bounds));
  if (genomes.length > 0) return genomes;
  const problem =
    front.length === 0 ? 'this run has no front yet' : 'no genome of this run lies within the bounds';
  const hint = 'Start from another run, widen the bounds, or start without';
  throw new EvopatchError('INVALID_OPTION', problem, { option: 'startFrom', given: folder, hint });
}
