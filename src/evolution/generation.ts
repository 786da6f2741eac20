import { randomStream } from '../core/random.ts';
import type { Evaluation, FailedEvaluation, TrainingRequest } from '../fitness/evaluation.ts';
import type { Genome } from '../genome/genome.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import { samplesSeen, startRung } from '../search/ladder.ts';
import type { Score } from '../search/objective.ts';
import { objectivesAtRung } from '../search/objectives.ts';
import { promote } from '../search/promotion.ts';
import { withRepeat } from '../search/repeats.ts';
import type { Individual, Proposal, SearchState } from '../search/search-state.ts';
import { scoreOf } from './score.ts';
import type { FitnessPurpose, Trainer } from './trainer.ts';

/** The score of a proposal; `null` where its evaluation failed, `undefined` where the run was stopped before it. */
export type Outcome = Score | null | undefined;

/** A proposal on its way up the ladder of rungs. */
interface Candidate {
  readonly proposal: Proposal;
  outcome: Outcome;
  done?: TrainingRequest['done'];
}

/** Evaluates the genomes of one generation, and adds up the cost. */
export class GenerationEvaluation {
  readonly #settings: EvolveSettings;
  readonly #trainer: Trainer;
  readonly #purpose: FitnessPurpose;
  readonly #generation: number;
  readonly cost = { evaluations: 0, failures: 0, samplesSeen: 0 };
  lastFailure: FailedEvaluation | undefined;

  constructor(settings: EvolveSettings, trainer: Trainer, purpose: FitnessPurpose, generation: number) {
    this.#settings = settings;
    this.#trainer = trainer;
    this.#purpose = purpose;
    this.#generation = generation;
  }

  /**
   * Scores proposals. With halving, all are trained to the lowest rung and the best third of those on each rung continue to
   * the next one; without, all are trained to the top.
   */
  async score(proposals: readonly Proposal[], { population }: SearchState): Promise<Outcome[]> {
    const { seed, topRung, halving, plans, ladder } = this.#settings;
    const first = halving ? startRung(this.#generation, plans, ladder.length) : topRung;
    const candidates = proposals.map((proposal): Candidate => ({ proposal, outcome: undefined }));
    let promoted = candidates;
    for (let rung = first; ; rung++) {
      await this.#trainTo(rung, promoted, rung === first ? -1 : rung - 1);
      if (rung === topRung || this.#trainer.stopped) break;
      const objectivesOf = objectivesAtRung(rung, this.#settings);
      const chosen = promote(
        promoted.map(({ outcome }) => (outcome ? objectivesOf(outcome) : null)),
        population.map(objectivesOf).filter((values) => values !== null),
        randomStream(seed, this.#generation, rung, 'promotion'),
      );
      for (const [index, candidate] of promoted.entries()) {
        if (!chosen.includes(index)) candidate.done = undefined;
      }
      promoted = chosen.map((index) => promoted[index]);
      this.#reportPromotion(rung + 1, promoted);
      if (promoted.length === 0) break;
    }
    return candidates.map(({ outcome }) => outcome);
  }

  /** Trains individuals once more, each with its next seed, and gives their new scores by hash. */
  async scoreAgain(individuals: readonly Individual[]): Promise<ReadonlyMap<string, Score>> {
    const scores = new Map<string, Score>();
    for (const repeat of new Set(individuals.map(({ losses }) => losses.length))) {
      const members = individuals.filter(({ losses }) => losses.length === repeat);
      const evaluations = await this.#train(members, -1, this.#settings.topRung, repeat);
      for (const [index, member] of members.entries()) {
        const evaluation = evaluations[index];
        if (evaluation?.status !== 'ok') continue;
        const { topRung } = this.#settings;
        scores.set(
          member.hash,
          withRepeat(member, scoreOf(member.genome, topRung, evaluation, this.#trainer, member)),
        );
      }
    }
    return scores;
  }

  async #trainTo(rung: number, candidates: readonly Candidate[], from: number): Promise<void> {
    const jobs = candidates.map(({ proposal, done }) => ({ genome: proposal.genome, done }));
    const evaluations = await this.#train(jobs, from, rung, 0);
    for (const [index, candidate] of candidates.entries()) {
      const evaluation = evaluations[index];
      if (evaluation === undefined) continue; // stopped: the score of the rung below stays
      candidate.outcome = this.#scoreOf(candidate, rung, evaluation);
      const state = evaluation.status === 'ok' ? evaluation.state : undefined;
      candidate.done = state && { stages: rung + 1, state };
    }
  }

  async #train(
    jobs: readonly { readonly genome: Genome; readonly done?: TrainingRequest['done'] }[],
    from: number,
    rung: number,
    repeat: number,
  ): Promise<(Evaluation | undefined)[]> {
    const step = { purpose: this.#purpose, generation: this.#generation, rung, repeat };
    const evaluations = await this.#trainer.trainForFitness(jobs, step);
    for (const evaluation of evaluations) {
      if (evaluation === undefined) continue;
      this.cost.evaluations++;
      this.cost.samplesSeen += samplesSeen(this.#settings.ladder, from, rung);
      if (evaluation.status === 'ok') continue;
      this.cost.failures++;
      this.lastFailure = evaluation;
    }
    return evaluations;
  }

  #scoreOf({ proposal, outcome }: Candidate, rung: number, evaluation: Evaluation): Score | null {
    if (evaluation.status === 'failed') return null;
    return scoreOf(proposal.genome, rung, evaluation, this.#trainer, outcome);
  }

  #reportPromotion(rung: number, candidates: readonly Candidate[]): void {
    if (this.#purpose !== 'fitness') return;
    const promoted = candidates.map(({ proposal }) => proposal.hash);
    this.#trainer.emit({ type: 'promotion', promotion: { generation: this.#generation, rung, promoted } });
  }
}
