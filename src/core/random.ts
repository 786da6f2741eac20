import seedrandom from 'seedrandom';

/** A stream of random numbers. Two streams with the same key give the same numbers on every machine. */
export interface RandomStream {
  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number;
  /** A whole number, uniform in [low, high], both ends included. */
  integer(low: number, high: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One element of a non-empty list. */
  pick<T>(list: readonly T[]): T;
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(list: readonly T[]): T[];
}

/**
 * Makes a stream for one purpose, named by its key: `randomStream(seed, generation, index, 'mutation')`. Purposes never share a
 * stream, so that an added draw changes no other stream.
 */
export function randomStream(...key: readonly (string | number)[]): RandomStream {
  const generator = seedrandom(key.join('/'));
  const integer = (low: number, high: number) => low + Math.floor(generator() * (high - low + 1));
  return {
    uniform: () => generator.double(),
    integer,
    chance: (probability) => generator() < probability,
    pick: (list) => list[integer(0, list.length - 1)],
    shuffle: (list) => {
      const copy = [...list];
      for (let last = copy.length - 1; last > 0; last--) {
        const other = integer(0, last);
        [copy[last], copy[other]] = [copy[other], copy[last]];
      }
      return copy;
    },
  };
}
