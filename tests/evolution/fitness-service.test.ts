import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { FitnessService } from '../../src/evolution/fitness-service.ts';
import type { EvaluationRecord, EvolutionEvent } from '../../src/search/events.ts';
import { tinyRun } from './running.ts';

let service: FitnessService;
beforeAll(async () => {
  service = await FitnessService.open(tinyRun);
});
afterAll(() => service.close());

/** A vector of the service with all genes alike. */
const alike = (value: number) => service.description.genes.map(() => value);

test('answers as a search with the same options scores the genome', async () => {
  const records: EvaluationRecord[] = [];
  const onEvent = (event: EvolutionEvent) => {
    if (event.type === 'evaluation' && event.evaluation.purpose === 'fitness') records.push(event.evaluation);
  };
  await evolvePatches({ ...tinyRun, generations: 1, onEvent });
  expect(records.length).toBeGreaterThan(4);
  for (const record of records) {
    if (record.status !== 'ok') continue;
    const { genome, rung, repeat, loss, accuracy, parameters, macs } = record;
    const answer = await service.evaluate({ genome, rung, repeat });
    expect(answer).toMatchObject({ hash: record.network, rung, repeat, accuracy, parameters, macs });
    expect(answer.objectives).toEqual({ loss, parameters, pixels: answer.pixels });
  }
});

describe('the samples of an answer', () => {
  const samplesUpTo = (rung: number) => {
    const { rungs } = service.description;
    return rungs.slice(0, rung + 1).reduce((sum, { rows, epochs }) => sum + rows * epochs, 0);
  };

  test('are those beyond a lower rung, and none where the answer is known', async () => {
    const top = service.description.rungs.length - 1;
    expect(top).toBeGreaterThan(0);
    const question = { genes: alike(0.3), rung: 0 };
    const first = await service.evaluate(question);
    expect(first.samples).toBe(samplesUpTo(0));
    const higher = await service.evaluate({ ...question, rung: top });
    expect(higher.samples).toBe(samplesUpTo(top) - samplesUpTo(0));
    expect(await service.evaluate(question)).toEqual({ ...first, samples: 0 });
    const other = await FitnessService.open(tinyRun);
    const atOnce = await other.evaluate({ genome: higher.genome });
    expect(atOnce).toEqual({ ...higher, samples: samplesUpTo(top) });
    await other.close();
  });

  test('are counted once for equal questions at a time', async () => {
    const question = { genes: alike(0.2), rung: 0 };
    const answers = await Promise.all([service.evaluate(question), service.evaluate(question)]);
    expect(answers.map(({ samples }) => samples)).toEqual([samplesUpTo(0), 0]);
  });
});

test.each([
  [{}, 'INVALID_OPTION'],
  [{ genome: {}, genes: [] }, 'INVALID_OPTION'],
  [{ genes: [0.5] }, 'INVALID_GENOME'],
  [{ genome: { patches: [] } }, 'INVALID_GENOME'],
  [{ genes: [], rung: 9 }, 'INVALID_GENOME'],
  [{ genes: [], colour: 1 }, 'INVALID_OPTION'],
])('refuses %j', async (question, code) => {
  await expect(service.evaluate(question)).rejects.toMatchObject({ code });
});

test('refuses a rung that there is not', async () => {
  await expect(service.evaluate({ genes: alike(0.5), rung: 9 })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    data: { option: 'rung', given: 9 },
  });
});
