import type { Genome } from '../genome/genome.ts';
import { genomesOf, readTrainings } from '../run/history-lines.ts';

/** A network that was trained in full. */
export interface FullTraining {
  readonly loss: number;
  readonly accuracy: number;
  readonly parameters: number;
  readonly macs: number;
  /** The predicted class of each validation row; empty where the line has none. */
  readonly predictions: Uint8Array;
}

/** What a report takes from the history of a run. */
export interface RunHistory {
  /** All genomes that were ever trained, by hash. */
  readonly genomes: ReadonlyMap<string, Genome>;
  /** By purpose and network, as in `baseline/baseline` and `final/HASH`. */
  readonly fullTrainings: ReadonlyMap<string, FullTraining>;
  readonly evaluations: number;
  readonly failures: number;
  /** Number of damaged lines. */
  readonly damaged: number;
}

/** Reads the history of a run. @throws EvopatchError `FILE_SYSTEM` where it is there and cannot be read. */
export async function readHistory(folder: string): Promise<RunHistory> {
  const lines = await readTrainings(folder);
  const { trainings, damaged } = lines;
  const fullTrainings = new Map<string, FullTraining>();
  for (const { purpose, network, loss, accuracy, parameters, macs, predictions = '' } of trainings) {
    if (purpose === 'fitness' || purpose === 'random-search' || purpose === 'shrinking') continue;
    if (loss === undefined || accuracy === undefined || parameters === undefined || macs === undefined)
      continue;
    const classes = new Uint8Array(Buffer.from(predictions, 'base64'));
    fullTrainings.set(`${purpose}/${network}`, { loss, accuracy, parameters, macs, predictions: classes });
  }
  return {
    genomes: genomesOf(lines),
    fullTrainings,
    evaluations: trainings.length,
    failures: trainings.filter(({ status }) => status !== 'ok').length,
    damaged,
  };
}
