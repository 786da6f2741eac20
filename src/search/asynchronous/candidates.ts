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
  /** Objectives by rung of all that the latest states knew. */
  readonly #known = new WeakMap<Individual, readonly Objectives[]>();
  readonly #hashes = new Set<string>();
  #children: readonly Child[] = [];
  /** Of each child, the rung from which it may be promoted, −1 if it has been. */
  #waiting: number[] = [];
  #population: readonly Individual[] = [];
  /** By rung, the objectives of each child, and of each member of the population. */
  #ofChildren: Objectives[][];
  #ofPopulation: Objectives[][];

  constructor(settings: AsynchronousSettings) {
    const rungs = Array.from({ length: settings.topRung }, (_, rung) => rung);
    this.#objectivesAt = rungs.map((rung) => objectivesAtRung(rung, settings));
    this.#ofChildren = rungs.map(() => []);
    this.#ofPopulation = rungs.map(() => []);
  }

  /** Goes over to a state. */
  follow({ children, progress }: AsynchronousState): void {
    if (children !== this.#children) this.#followChildren(children);
    const { population } = progress.state;
    if (population === this.#population) return;
    this.#population = population;
    const objectives = population.map((member) => this.#objectivesOf(member));
    this.#ofPopulation = this.#objectivesAt.map((_, rung) => objectives.map((list) => list[rung]));
  }

  /** The children that may be promoted from a rung. */
  waitingOn(rung: number): Child[] {
    return this.#children.filter((_, index) => this.#waiting[index] === rung);
  }

  /** Objectives at a rung: of those that wait there, then of all others that are known. */
  objectivesOn(rung: number): Objectives[] {
    const [ofChildren, rungs] = [this.#ofChildren[rung], this.#waiting];
    const [ofPopulation, population] = [this.#ofPopulation[rung], this.#population];
    const waiting: Objectives[] = [];
    const others: Objectives[] = [];
    for (let index = 0; index < ofChildren.length; index++) {
      (rungs[index] === rung ? waiting : others).push(ofChildren[index]);
    }
    for (let index = 0; index < population.length; index++) {
      if (!this.#hashes.has(population[index].hash)) others.push(ofPopulation[index]);
    }
    return waiting.concat(others);
  }

  #followChildren(children: readonly Child[]): void {
    const [before, waiting, objectives] = [this.#children, this.#waiting, this.#ofChildren];
    this.#children = children;
    this.#waiting = [];
    this.#ofChildren = objectives.map(() => []);
    const come: Child[] = [];
    let next = 0; // of those before, which keep their order
    for (const child of children) {
      const same = before[next] === child ? next : before.indexOf(child, next);
      if (same < 0) {
        come.push(child);
        this.#waiting.push(child.isPromoted ? -1 : child.individual.rung);
        for (const [rung, own] of this.#objectivesOf(child.individual).entries()) {
          this.#ofChildren[rung].push(own);
        }
        continue;
      }
      for (; next < same; next++) this.#hashes.delete(before[next].individual.hash);
      next++;
      this.#waiting.push(waiting[same]);
      for (let rung = 0; rung < objectives.length; rung++) {
        this.#ofChildren[rung].push(objectives[rung][same]);
      }
    }
    for (; next < before.length; next++) this.#hashes.delete(before[next].individual.hash);
    for (const { individual } of come) this.#hashes.add(individual.hash); // after those that make room for them
  }

  #objectivesOf(individual: Individual): readonly Objectives[] {
    const known = this.#known.get(individual);
    if (known !== undefined) return known;
    const objectives = this.#objectivesAt.map((of) => of(individual));
    this.#known.set(individual, objectives);
    return objectives;
  }
}
