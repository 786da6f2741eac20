import * as z from 'zod';
import { decodeCheckedJson } from '../core/checked-json.ts';
import { isMissing, readWholeFile } from '../core/open-file.ts';
import { parse } from '../core/parse.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeSchema } from '../genome/genome-schema.ts';
import { runFile } from './file-names.ts';

const NEW_LINE = 0x0a;

/** A line of a file, without its line break: bytes `start` to `end`. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
  /** Whether it has a line break; the last line of a process that was killed may lack it. */
  readonly isEnded: boolean;
}

export function* lineSpans(bytes: Buffer): Generator<LineSpan> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(NEW_LINE, start);
    const end = found < 0 ? bytes.length : found;
    yield { start, end, isEnded: found >= 0 };
    start = end + 1;
  }
}

const trainingSchema = z.object({
  purpose: z.string(),
  generation: z.int().optional(),
  rung: z.int().optional(),
  repeat: z.int().optional(),
  network: z.string(),
  status: z.string(),
  loss: z.number().optional(),
  accuracy: z.number().min(0).max(1).optional(),
  parameters: z.int().min(0).optional(),
  macs: z.int().min(0).optional(),
  genome: genomeSchema.optional(),
  predictions: z.base64().optional(),
});

/** A training, as a line of the history of any version describes it. */
export type TrainingLine = z.output<typeof trainingSchema>;

/** The lines of a history that can be read. */
export interface TrainingLines {
  readonly trainings: readonly TrainingLine[];
  /** Number of damaged lines, without a last one that a process is still writing or was writing when it died. */
  readonly damaged: number;
}

/**
 * Reads the history of a run, as far as it is whole; a run without one has no trainings.
 *
 * @throws EvopatchError `FILE_SYSTEM` where it is there and cannot be read.
 */
export async function readTrainings(folder: string): Promise<TrainingLines> {
  const bytes = await readWholeFile(runFile(folder, 'history')).catch((cause) => {
    if (isMissing(cause)) return Buffer.alloc(0);
    throw cause;
  });
  const lines = Array.from(lineSpans(bytes), ({ start, end }) => bytes.toString('utf8', start, end));
  const read = lines.filter((line) => line !== '').map(trainingOf);
  const trainings = read.filter((training) => training !== undefined);
  const unfinished = read.length > 0 && read.at(-1) === undefined ? 1 : 0;
  return { trainings, damaged: read.length - trainings.length - unfinished };
}

/** All genomes that were ever trained, by their hashes. */
export function genomesOf({ trainings }: TrainingLines): ReadonlyMap<string, Genome> {
  return new Map(
    trainings.flatMap(({ network, genome }) => (genome === undefined ? [] : [[network, genome]])),
  );
}

/** Gives `undefined` for a damaged line. Lines of early releases have no checksum. */
function trainingOf(line: string): TrainingLine | undefined {
  try {
    const value = line.includes('"checksum":') ? decodeCheckedJson(line) : JSON.parse(line);
    return parse(trainingSchema, value, 'INVALID_RUN');
  } catch {
    return undefined;
  }
}
