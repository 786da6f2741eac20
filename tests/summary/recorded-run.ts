import type { EvaluationRecord, EvolutionEvent, GenerationRecord } from '../../src/search/events.ts';
import type { Measurement } from '../../src/search/measurement.ts';

/** An event of a run with its time, seconds. */
export interface TimedEvent {
  readonly at: number;
  readonly event: EvolutionEvent;
}

const TOTAL = 20;

export const baseline: Measurement = {
  network: 'baseline',
  parameters: 1_944_199,
  macs: 10_140_400,
  coveredPixels: 2304,
  validationLoss: 0.9834,
  validationAccuracy: 0.668,
  interval95: [0.653, 0.684],
};

export function evaluation(other: Partial<EvaluationRecord> = {}): EvaluationRecord {
  const place = { purpose: 'fitness', generation: 0, rung: 0, repeat: 0, index: 0 } as const;
  return { ...place, key: 'key', network: 'genome', status: 'ok', seconds: 1, ...other };
}

export function generation(index: number, hypervolume: number, failures = 0): GenerationRecord {
  const front = [
    { hash: 'a', loss: 0.9721, deviation: 0.0042, accuracy: 0.634, parameters: 95_343 },
    { hash: 'b', loss: 1.0412, deviation: null, accuracy: 0.601, parameters: 28_112 },
  ];
  return { index, hypervolume, front, evaluations: 6, failures, samplesSeen: 1000 };
}

/** Two generations of a small run, with the baseline; one training fails. */
export function recordedRun(): TimedEvent[] {
  const happenings: TimedEvent[] = [];
  let at = 0;
  let completed = 0;
  const tell = (
    event: EvolutionEvent extends infer One ? (One extends unknown ? Omit<One, 'progress'> : never) : never,
  ) => {
    happenings.push({ at, event: { ...event, progress: { completed, total: TOTAL } } as EvolutionEvent });
  };
  const train = (count: number, other: Partial<EvaluationRecord>) => {
    for (let index = 0; index < count; index++) {
      at++;
      completed++;
      tell({ type: 'evaluation', evaluation: evaluation({ index, ...other }) });
    }
  };
  tell({ type: 'start', generations: 2, history: [] });
  train(4, { generation: 0 });
  tell({ type: 'promotion', promotion: { generation: 0, rung: 1, promoted: ['a', 'b'] } });
  train(1, { generation: 0, rung: 1 });
  train(1, { generation: 0, rung: 1, status: 'failed', reason: 'diverged', message: 'the loss is NaN' });
  tell({ type: 'generation', generation: generation(0, 0.31, 1) });
  tell({ type: 'checkpoint', generation: 0 });
  train(1, {
    purpose: 'baseline',
    generation: undefined,
    rung: undefined,
    repeat: undefined,
    network: 'baseline',
  });
  tell({ type: 'baseline', baseline });
  train(4, { generation: 1 });
  tell({ type: 'promotion', promotion: { generation: 1, rung: 1, promoted: ['a', 'b'] } });
  train(1, { generation: 1, rung: 1 });
  tell({ type: 'warning', message: 'a line of the history is torn' });
  return happenings;
}
