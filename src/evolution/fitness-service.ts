import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import type { TrainingRequest } from '../fitness/evaluation.ts';
import { openEvaluationFolder } from '../fitness/evaluation-folder.ts';
import { memoryStore } from '../fitness/evaluation-store.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import { genomeFromVector, vectorNames } from '../genome/gene-vector.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeHash } from '../genome/genome-hash.ts';
import { parseGenome } from '../genome/parse-genome.ts';
import { openEngine } from '../nn/engine.ts';
import { type EvolveOptions, type EvolveSettings, parseOptions } from '../options/evolve-options.ts';
import { type Rung, samplesSeen } from '../search/ladder.ts';
import { referencePoint } from '../search/objectives.ts';
import { openStoredEvaluator, teacherOf } from './open-evaluator.ts';
import { scoreOf } from './score.ts';
import { splitForRun } from './splits.ts';
import { Trainer } from './trainer.ts';

/** Genomes whose training a higher rung can continue. */
const KEPT_STATES = 256;

/** A genome to train, in one of two forms, and how. */
export interface FitnessQuestion {
  readonly genome?: unknown;
  /** Numbers from 0 to 1, as `FitnessService.description` names them. */
  readonly genes?: readonly number[];
  /** How far to train, from 0. @defaultValue the top rung */
  readonly rung?: number;
  /** Number of the seed; 0 is the one that all genomes share. @defaultValue 0 */
  readonly repeat?: number;
}

/** What a training says of a genome. */
export interface Fitness {
  readonly hash: string;
  readonly genome: Genome;
  readonly rung: number;
  readonly repeat: number;
  /** The values to make small, by the name of their objective. */
  readonly objectives: Readonly<Record<string, number>>;
  readonly accuracy: number;
  readonly parameters: number;
  readonly macs: number;
  readonly pixels: number;
  /** Training samples that this answer took: 0 for a question that was asked before, fewer if a lower rung was trained. */
  readonly samples: number;
}

/** What an optimiser needs to know before its first question. */
export interface FitnessDescription {
  readonly objectives: readonly string[];
  /** The corner of the box that hypervolumes are measured in. */
  readonly reference: Readonly<Record<string, number>>;
  /** Names of the numbers of a gene vector. */
  readonly genes: readonly string[];
  readonly rungs: readonly Rung[];
  readonly bounds: GenomeBounds;
  /** How many questions are answered at a time. */
  readonly workers: number;
}

/** A training up to a rung, for a higher rung to continue. */
type Done = NonNullable<TrainingRequest['done']>;

const questionSchema = z.strictObject({
  genome: z.unknown().optional(),
  genes: z.array(z.number()).optional(),
  rung: z.int().min(0).optional(),
  repeat: z.int().min(0).max(1000).optional(),
});

/**
 * Trains genomes for optimisers other than evopatch's own, exactly as a search does: the same rows, rungs and seeds, so that
 * searches compare at equal compute. Equal questions are trained once.
 */
export class FitnessService {
  readonly description: FitnessDescription;
  readonly #settings: EvolveSettings;
  readonly #trainer: Trainer;
  readonly #states = new Map<string, Done>();
  readonly #answers = new Map<string, Promise<Fitness>>();

  private constructor(trainer: Trainer) {
    const { settings } = trainer.parts;
    const { bounds, ladder, workers, objectives } = settings;
    this.#trainer = trainer;
    this.#settings = settings;
    this.description = {
      objectives: objectives.map(({ name }) => name),
      reference: referencePoint(settings),
      genes: vectorNames(bounds),
      rungs: ladder,
      bounds,
      workers: Math.max(1, workers),
    };
  }

  /**
   * Opens the service on a data set.
   *
   * @param signal ends what is under way
   * @throws EvopatchError as `evolvePatches`
   */
  static async open(
    options: EvolveOptions,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<FitnessService> {
    const settings = parseOptions(options);
    const splits = splitForRun(settings);
    const engine = await openEngine(settings.engine);
    const teacher = await teacherOf(settings, engine);
    const warn = (message: string) =>
      settings.onEvent({ type: 'warning', message, progress: { completed: 0, total: 0 } });
    const { evaluationCache } = settings;
    const shared = evaluationCache === undefined ? [] : [await openEvaluationFolder(evaluationCache, warn)];
    const evaluator = await openStoredEvaluator(settings, engine, [memoryStore(), ...shared]);
    return new FitnessService(
      new Trainer({ settings, evaluator, splits, engine, signal, teacher, history: [] }),
    );
  }

  /**
   * Trains a genome and measures it on rows that no rung learns from.
   *
   * @throws EvopatchError `INVALID_OPTION` for a question that has both or neither form of a genome, or no such rung;
   * `INVALID_GENOME`; `EVALUATION_FAILED`; `ABORTED`
   */
  async evaluate(question: FitnessQuestion): Promise<Fitness> {
    const { genome: given, genes, ...rest } = parse(questionSchema, question, 'INVALID_OPTION');
    if ((given === undefined) === (genes === undefined)) {
      throw new EvopatchError('INVALID_OPTION', "give either 'genome' or 'genes'", { option: 'genome' });
    }
    const { bounds, topRung } = this.#settings;
    const genome = genes === undefined ? parseGenome(given, bounds) : genomeFromVector(genes, bounds);
    const { rung = topRung, repeat = 0 } = rest;
    if (rung > topRung) {
      throw new EvopatchError('INVALID_OPTION', `must be at most ${topRung}`, {
        option: 'rung',
        given: rung,
      });
    }
    const key = `${genomeHash(genome)} ${rung} ${repeat}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return { ...(await known), samples: 0 };
    const answer = this.#train(genome, rung, repeat);
    this.#answers.set(key, answer);
    answer.catch(() => this.#answers.delete(key)); // it may succeed another time
    return await answer;
  }

  /** Ends the threads. */
  close(): Promise<void> {
    return this.#trainer.parts.evaluator.close();
  }

  async #train(genome: Genome, rung: number, repeat: number): Promise<Fitness> {
    const hash = genomeHash(genome);
    const state = `${hash} ${repeat}`;
    const before = this.#states.get(state);
    const done = before !== undefined && before.stages <= rung ? before : undefined;
    const step = { purpose: 'fitness', generation: 0, rung, repeat } as const;
    const [evaluation] = await this.#trainer.trainForFitness([{ genome, done }], step);
    if (evaluation === undefined) throw new EvopatchError('ABORTED', 'stopped on request');
    if (evaluation.status === 'failed') {
      throw new EvopatchError('EVALUATION_FAILED', evaluation.message, { given: evaluation.reason });
    }
    if (evaluation.state !== undefined) {
      this.#keep(state, { stages: rung + 1, state: evaluation.state });
    }
    const score = scoreOf(genome, rung, evaluation, this.#trainer);
    const { accuracy, parameters, macs, pixels } = score;
    const objectives = Object.fromEntries(this.#settings.objectives.map(({ name, of }) => [name, of(score)]));
    const samples = samplesSeen(this.#settings.ladder, (done?.stages ?? 0) - 1, rung);
    return { hash, genome, rung, repeat, objectives, accuracy, parameters, macs, pixels, samples };
  }

  /** Keeps a state for a higher rung, and forgets the oldest where there are many. */
  #keep(name: string, state: Done): void {
    this.#states.delete(name);
    this.#states.set(name, state);
    if (this.#states.size > KEPT_STATES) this.#states.delete(this.#states.keys().next().value as string);
  }
}
