import { join } from 'node:path';
import { z } from 'zod';
import { decodeCheckedJson } from '../core/checked-json.ts';
import { isMissing, readWholeFile } from '../core/open-file.ts';
import { parse } from '../core/parse.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeSchema } from '../genome/parse-genome.ts';

const NEW_LINE = 0x0a;

const recordSchema = z.object({
  purpose: z.string(),
  network: z.string(),
  status: z.string(),
  loss: z.number().optional(),
  accuracy: z.number().min(0).max(1).optional(),
  parameters: z.int().min(0).optional(),
  macs: z.int().min(0).optional(),
  genome: genomeSchema.optional(),
  predictions: z.base64().optional(),
});

/** A network that was trained in full. */
export interface FullTraining {
  readonly loss: number;
  readonly accuracy: number;
  readonly parameters: number;
  readonly macs: number;
  /** Class given to each validation row; empty where the line has none. */
  readonly predictions: Uint8Array;
}

/** What a report takes from the lines of a history. */
export interface RunHistory {
  /** By hash, all that were ever trained. */
  readonly genomes: ReadonlyMap<string, Genome>;
  /** By purpose and network, as in `baseline/baseline` and `final/HASH`. */
  readonly fullTrainings: ReadonlyMap<string, FullTraining>;
  readonly evaluations: number;
  readonly failures: number;
  /** Lines that cannot be read, without a last one that a process is still writing or died over. */
  readonly damaged: number;
}

/**
 * Reads `history.jsonl`, as far as it is whole; nothing of it is needed.
 *
 * @throws EvopatchError `FILE_SYSTEM` where it is there and cannot be read.
 */
export async function readHistory(folder: string): Promise<RunHistory> {
  const file = join(folder, 'history.jsonl');
  const genomes = new Map<string, Genome>();
  const fullTrainings = new Map<string, FullTraining>();
  let [evaluations, failures, damaged] = [0, 0, 0];
  let lastIsDamaged = false;
  for (const line of await linesOf(file)) {
    const record = recordOf(line);
    lastIsDamaged = record === undefined;
    if (record === undefined) {
      damaged++;
      continue;
    }
    evaluations++;
    if (record.status !== 'ok') failures++;
    const { purpose, network, loss, accuracy, parameters, macs, genome, predictions } = record;
    if (genome !== undefined) genomes.set(network, genome);
    if (purpose === 'fitness' || purpose === 'random-search') continue;
    if (loss === undefined || accuracy === undefined || parameters === undefined || macs === undefined)
      continue;
    const bytesOf = new Uint8Array(Buffer.from(predictions ?? '', 'base64'));
    fullTrainings.set(`${purpose}/${network}`, { loss, accuracy, parameters, macs, predictions: bytesOf });
  }
  return { genomes, fullTrainings, evaluations, failures, damaged: damaged - (lastIsDamaged ? 1 : 0) };
}

/** A line; `undefined` where it is damaged. Those of early releases have no checksum. */
function recordOf(line: string): z.output<typeof recordSchema> | undefined {
  try {
    const value = line.includes('"checksum":') ? decodeCheckedJson(line) : JSON.parse(line);
    return parse(recordSchema, value, 'INVALID_RUN');
  } catch {
    return undefined;
  }
}

/** The lines of a file; none where there is no such file. Not strictly decoded: a damaged line harms no other. */
async function linesOf(file: string): Promise<string[]> {
  const bytes = await readWholeFile(file).catch((cause) => {
    if (isMissing(cause)) return Buffer.alloc(0);
    throw cause;
  });
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(NEW_LINE, start);
    const end = found < 0 ? bytes.length : found;
    if (end > start) lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return lines;
}
