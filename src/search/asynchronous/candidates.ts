import type { Objectives } from '../dominance.ts';
import { objectivesAtRung } from '../objectives.ts';
import type { Individual } from '../search-state.ts';
import type { AsynchronousSettings, AsynchronousState, Child } from './asynchronous-state.ts';

/**
 * What promotion asks of children and population, side by side. Thousands of genomes are ranked for every place that opens, and to
 * gather their scores from where they lie would take several times as long as to rank them. So this follows from one
 * state to the next, of which only few children differ.
 */
export class Candidates {
  readonly #objectivesAt: readonly ((individual: Individual) => Objectives)[];
  #children: readonly Child[] = [];
  /** Of each child, the rung from which it may be promoted; −1: it has been. */
  #waiting: number[] = [];
  /** Objectives by rung, then by child or by member of the population. */
  #ofChildren: Objectives[][];
  #ofPopulation: Objectives[][];
  readonly #hashes = new Set<string>();
  #population: readonly Individual[] = [];

  constructor(settings: AsynchronousSettings) {
    this.#objectivesAt = Array.from({ length: settings.topRung }, (_, rung) =>
      objectivesAtRung(rung, settings),
    );
    this.#ofChildren = this.#objectivesAt.map(() => []);
    this.#ofPopulation = this.#objectivesAt.map(() => []);
  }

  /** Goes over to a state. */
  follow({ children, progress }: AsynchronousState): void {
    if (children !== this.#children) this.#followChildren(children);
    const { population } = progress.state;
    if (population === this.#population) return;
    this.#population = population;
    this.#ofPopulation = this.#objectivesAt.map((of) => population.map(of));
  }

  /** The children that may be promoted from a rung. */
  waitingOn(rung: number): Child[] {
    return this.#children.filter((_, index) => this.#waiting[index] === rung);
  }

  /** Objectives at a rung: of those that wait there, then of all others that are known. */
  objectivesOn(rung: number): Objectives[] {
    const own = this.#ofChildren[rung];
    const waits = (index: number) => this.#waiting[index] === rung;
    return [
      ...own.filter((_, index) => waits(index)),
      ...own.filter((_, index) => !waits(index)),
      ...this.#ofPopulation[rung].filter((_, index) => !this.#hashes.has(this.#population[index].hash)),
    ];
  }

  #followChildren(children: readonly Child[]): void {
    const before = { children: this.#children, waiting: this.#waiting, objectives: this.#ofChildren };
    this.#children = children;
    this.#waiting = [];
    this.#ofChildren = this.#objectivesAt.map(() => []);
    const come: Child[] = [];
    let next = 0; // of those before
    for (const child of children) {
      const same = before.children.indexOf(child, next); // they keep their order
      if (same < 0) {
        come.push(child);
        const { individual, isPromoted } = child;
        this.#waiting.push(isPromoted ? -1 : individual.rung);
        for (const [rung, of] of this.#objectivesAt.entries()) this.#ofChildren[rung].push(of(individual));
        continue;
      }
      for (const { individual } of before.children.slice(next, same)) this.#hashes.delete(individual.hash);
      this.#waiting.push(before.waiting[same]);
      for (const [rung, list] of before.objectives.entries()) this.#ofChildren[rung].push(list[same]);
      next = same + 1;
    }
    for (const { individual } of before.children.slice(next)) this.#hashes.delete(individual.hash);
    for (const { individual } of come) this.#hashes.add(individual.hash); // a child that went on has left, and comes
  }
}
