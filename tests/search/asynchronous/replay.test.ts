import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EvopatchError } from '../../../src/core/errors.ts';
import { afterEntry } from '../../../src/search/asynchronous/after-entry.ts';
import {
  type AsynchronousState,
  initialAsynchronousState,
} from '../../../src/search/asynchronous/asynchronous-state.ts';
import { decide } from '../../../src/search/asynchronous/decide.ts';
import type { LogEntry } from '../../../src/search/asynchronous/log-entry.ts';
import { settings, type Work, work } from './working.ts';

const plain = { ...settings, population: 4 };

/** Any number of workers, any order of arrival, some failures. */
const anyWork: fc.Arbitrary<Work> = fc
  .record({
    workers: fc.integer({ min: 1, max: 12 }),
    order: fc.infiniteStream(fc.nat()),
    failing: fc.option(fc.integer({ min: 3, max: 9 }), { nil: undefined }),
    halving: fc.boolean(),
  })
  .map(({ workers, order, failing, halving }) => ({
    settings: { ...plain, halving },
    workers,
    generations: 4,
    next: (open) => order.next().value % open.length,
    fails: ({ training }) => failing !== undefined && training % failing === 0,
  }));

const bytes = (state: AsynchronousState) => JSON.stringify(state);

function replay(log: readonly LogEntry[], own = plain): AsynchronousState {
  return log.reduce((state, entry) => afterEntry(state, entry, own), initialAsynchronousState(own));
}

describe('the log of an asynchronous search', () => {
  test('gives every state again, to the byte, whatever the order of arrival', () => {
    fc.assert(
      fc.property(anyWork, (one) => {
        const { log, states } = work(one);
        let state = initialAsynchronousState(plain);
        for (const [index, entry] of log.entries()) {
          state = afterEntry(state, JSON.parse(JSON.stringify(entry)), one.settings ?? plain);
          expect(bytes(state)).toBe(bytes(states[index + 1]));
        }
      }),
      { numRuns: 8 },
    );
  });

  test('holds nothing but what would be decided again', () => {
    fc.assert(
      fc.property(anyWork, (one) => {
        const { log, states } = work(one);
        for (const [index, { seconds: _, ...entry }] of log.entries()) {
          if (entry.type === 'ended') continue;
          const copy: AsynchronousState = JSON.parse(bytes(states[index]));
          expect(decide(copy, one.settings ?? plain).decision).toEqual(entry);
        }
      }),
      { numRuns: 2 },
    );
  });

  test('gives the states again where a surrogate screens the children', { timeout: 120_000 }, () => {
    const own = { ...plain, surrogate: true };
    const { log, state } = work({ settings: own, workers: 3, generations: 2 });
    expect(bytes(replay(log, own))).toBe(bytes(state));
  });

  test('says of each decision which results it knew', () => {
    const { log } = work({ settings: plain, workers: 5, generations: 3 });
    let ended = 0;
    for (const entry of log) {
      if (entry.type === 'ended') ended++;
      else expect(entry.known).toBe(ended);
    }
  });

  test('is refused where its entries do not follow from one another', () => {
    const { log } = work({ settings: plain, workers: 2, generations: 1 });
    const refused = expect.objectContaining({ code: 'INVALID_RUN' });
    for (const broken of [log.slice(1), [...log, log[log.length - 1]], [log[0], log[2]]]) {
      expect(() => replay(broken)).toThrow(EvopatchError);
      expect(() => replay(broken)).toThrow(refused);
    }
  });
});
