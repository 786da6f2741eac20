import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { readTextFile } from '../core/read-text.ts';
import { mapFile } from './file-names.ts';

const mapSchema = z.object({ face: z.array(z.array(z.int().min(0).max(255))) });

/**
 * Reads the mean face of the data of a run, as its maps show it.
 *
 * @returns grey levels, [size × size], row by row.
 * @throws EvopatchError `FILE_SYSTEM` where the run has no maps, `INVALID_RUN` where they are damaged.
 */
export async function readMeanFace(folder: string): Promise<number[]> {
  const file = mapFile(folder, 'best', 'json');
  const text = await readTextFile(file, { problem: 'cannot read the mean face of the run' });
  try {
    return parse(mapSchema, JSON.parse(text), 'INVALID_RUN').face.flat();
  } catch (cause) {
    const problem = `not a map of a run: ${(cause as Error).message}`;
    const hint = 'Give --data PATH or --on PHOTO';
    throw new EvopatchError('INVALID_RUN', problem, { file, hint }, cause);
  }
}
