import type { Genome } from '../genome/genome.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { FACE_FRAME } from '../landmarks/frame-geometry.ts';
import { macCount, parameterCount } from '../network/describe.ts';
import type { EvolutionReport } from '../run/result.ts';
import { zooNetwork } from '../zoo/zoo.ts';
import type { StudyRow } from './study-rows.ts';

/** A genome that runs found. */
export interface FoundGenome {
  readonly genome: Genome;
  readonly hash: string;
  readonly parameters: number;
  /** As a finalist, on the validation rows; of others, as the search measured it. */
  readonly accuracy: number;
  readonly finalist: boolean;
}

/** What a study is made of, beside its rows. */
export interface StudyScale {
  readonly seeds: readonly string[];
  readonly epochs: number;
  readonly genomes: readonly FoundGenome[];
  readonly classes: number;
}

/** All trainings of a network by one recipe: what a folder of the study holds. Rows of the same genome share it. */
export interface StudyTraining {
  /** Folder, relative to the study's. */
  readonly folder: string;
  /** Rows that it stands in. */
  readonly rows: readonly string[];
  readonly network?: string;
  readonly genome?: FoundGenome;
  /** Further options of `evopatch train`, the epochs among them, without data, seed and folder. */
  readonly options: readonly string[];
  readonly epochs: number;
  /** Whether it needs the teacher. */
  readonly taught: boolean;
  readonly parameters: number;
  readonly macs: number;
}

/** Genomes of the results of runs: the finalists, then the rest of their fronts, each once. */
export function genomesOf(results: readonly Pick<EvolutionReport, 'finalists' | 'front'>[]): FoundGenome[] {
  const finalists = results.flatMap((result) =>
    result.finalists.map(({ genome, hash, parameters, validationAccuracy }) => {
      return { genome, hash, parameters, accuracy: validationAccuracy, finalist: true };
    }),
  );
  const others = results.flatMap((result) =>
    result.front.map(({ genome, hash, parameters, accuracy }) => {
      return { genome, hash, parameters, accuracy, finalist: false };
    }),
  );
  const found = new Map<string, FoundGenome>();
  for (const one of [...finalists, ...others]) if (!found.has(one.hash)) found.set(one.hash, one);
  return [...found.values()];
}

/** The most accurate genome within a size: a finalist, where one is that small. */
export function pickGenome(genomes: readonly FoundGenome[], atMost: number): FoundGenome | undefined {
  const small = genomes.filter(({ parameters }) => parameters <= atMost);
  const finalists = small.filter(({ finalist }) => finalist);
  const candidates = finalists.length > 0 ? finalists : small;
  return candidates.toSorted((a, b) => b.accuracy - a.accuracy || a.parameters - b.parameters)[0];
}

/** What is to be trained for the rows, and for an ensemble the finalists that no row asks for. */
export function planTrainings(rows: readonly StudyRow[], scale: StudyScale): StudyTraining[] {
  const target = { classes: scale.classes, frame: FACE_FRAME };
  const plans = new Map<string, StudyTraining>();
  const add = (row: Omit<StudyRow, 'title'>, genome?: FoundGenome) => {
    const network = 'network' in row.subject ? row.subject.network : undefined;
    if (network === undefined && genome === undefined) return;
    const base = genome === undefined ? row.name : `evolved-${genome.hash.slice(0, 8)}`;
    const way = genome !== undefined && row.alone !== undefined ? row.name.slice(row.alone.length) : '';
    const folder = base + way;
    const spec = genome ? toNetworkSpec(genome.genome, target) : zooNetwork(network as string, target);
    const epochs = Math.max(1, Math.round(scale.epochs * row.epochs));
    plans.set(folder, {
      folder,
      rows: [...(plans.get(folder)?.rows ?? []), ...(row.name === '' ? [] : [row.name])],
      ...(genome === undefined ? { network } : { genome }),
      options: ['--epochs', String(epochs), ...row.options],
      epochs,
      taught: row.alone !== undefined,
      parameters: parameterCount(spec),
      macs: macCount(spec),
    });
  };
  for (const row of rows) {
    add(row, 'atMost' in row.subject ? pickGenome(scale.genomes, row.subject.atMost) : undefined);
  }
  if (!rows.some(({ subject }) => 'atMost' in subject)) return [...plans.values()];
  const taken = new Set([...plans.values()].map(({ genome }) => genome?.hash));
  for (const genome of scale.genomes.filter(({ finalist, hash }) => finalist && !taken.has(hash))) {
    add({ name: '', subject: { atMost: genome.parameters }, options: [], epochs: 1 }, genome);
  }
  return [...plans.values()];
}

/** The words behind `evopatch`, without the data and the folder. */
export function trainArguments(
  { network, options }: StudyTraining,
  genomeFile: string,
  seed: string,
): string[] {
  const subject = network === undefined ? ['--genome', genomeFile] : ['--network', network];
  return ['train', ...subject, '--seed', seed, ...options];
}
