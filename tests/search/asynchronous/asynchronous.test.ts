import { describe, expect, test } from 'vitest';
import { generationSize, RATIO } from '../../../src/search/ladder.ts';
import { settings, work } from './working.ts';

const plain = { ...settings, population: 6 };
/** Results arrive from the youngest training to the oldest, as far as they can. */
const lastFirst = (open: readonly unknown[]) => open.length - 1;

describe('an asynchronous search', () => {
  test('always has a training for a free worker, and trains every child once', () => {
    const { log } = work({ settings: plain, workers: 7, generations: 4, next: lastFirst });
    const firsts = log.filter((entry) => entry.type === 'started' && entry.from < 0 && entry.repeat === 0);
    const hashes = firsts.map((entry) => entry.type === 'started' && entry.hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    const bred = log.flatMap((entry) => (entry.type === 'bred' ? entry.proposals : []));
    expect(hashes).toEqual(bred.slice(0, hashes.length).map(({ hash }) => hash));
  });

  test('promotes a child for every third that ends on its rung, once, and only upward', () => {
    const { log, states } = work({ settings: plain, workers: 4, generations: 5 });
    for (const { seats } of states) {
      for (const { ended, taken } of seats) expect(taken).toBeLessThanOrEqual(Math.floor(ended / RATIO));
    }
    const { seats } = states[states.length - 1];
    expect(seats[0].taken).toBeGreaterThanOrEqual(Math.floor(seats[0].ended / RATIO) - 1);
    const promotions = log.flatMap((entry) =>
      entry.type === 'started' && entry.from >= 0 ? [`${entry.hash} ${entry.rung}`] : [],
    );
    expect(promotions.length).toBeGreaterThan(5);
    expect(new Set(promotions).size).toBe(promotions.length);
  });

  test('counts a generation for as many children as it has, and their cost', () => {
    const { state, log } = work({ settings: plain, workers: 3, generations: 4 });
    const { history } = state.progress;
    const ended = log.filter(({ type }) => type === 'ended');
    expect(history.reduce((sum, { evaluations }) => sum + evaluations, 0)).toBe(ended.length);
    expect(history[0].evaluations).toBeGreaterThanOrEqual(generationSize(0, plain));
    const samples = history.map(({ samplesSeen }) => samplesSeen);
    expect(samples).toEqual(samples.toSorted((a, b) => a - b));
    const volumes = history.map(({ hypervolume }) => hypervolume);
    expect(volumes.at(-1)).toBeGreaterThan(volumes[0]);
  });

  test('trains members of the front with further seeds in the last third', () => {
    const { log, state } = work({ settings: plain, workers: 3, generations: 6 });
    const repeats = log.filter((entry) => entry.type === 'started' && entry.repeat > 0);
    expect(repeats.length).toBeGreaterThan(0);
    expect(repeats.every((entry) => entry.type === 'started' && entry.generation >= 4)).toBe(true);
    const means = state.progress.state.front.filter(({ losses }) => losses.length > 1);
    for (const { loss, losses } of means) {
      expect(loss).toBe(losses.reduce((sum, value) => sum + value, 0) / losses.length);
    }
  });

  test('goes on without a child whose training failed, on whatever rung', () => {
    const failed = new Set<string>();
    const fails = ({ training, hash, repeat }: { training: number; hash: string; repeat: number }) => {
      if (training % 4 !== 0 || repeat > 0) return false;
      failed.add(hash);
      return true;
    };
    const { state, log } = work({ settings: plain, workers: 5, generations: 4, fails });
    const { history, state: search } = state.progress;
    expect(failed.size).toBeGreaterThan(5);
    expect(history.reduce((sum, { failures }) => sum + failures, 0)).toBe(failed.size);
    for (const { hash } of [...search.population, ...search.front]) expect(failed.has(hash)).toBe(false);
    const started = log.filter(({ type }) => type === 'started').length;
    expect(started).toBe(log.filter(({ type }) => type === 'ended').length + state.open.length);
  });

  test('trains all to the top without halving', () => {
    const own = { ...plain, halving: false };
    const { log } = work({ settings: own, workers: 3, generations: 3 });
    const rungs = log.flatMap((entry) => (entry.type === 'started' ? [entry.rung] : []));
    expect(new Set(rungs)).toEqual(new Set([own.topRung]));
  });
});
