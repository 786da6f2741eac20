import { describe, expect, test } from 'vitest';
import type { EvolutionEvent } from '../../src/evolution/events.ts';
import { ProgressLine } from '../../src/summary/progress-line.ts';

const events: EvolutionEvent[] = [
  { type: 'start', progress: { completed: 0, total: 10 } },
  {
    type: 'evaluation',
    evaluation: {
      purpose: 'fitness',
      generation: 0,
      index: 0,
      key: 'k',
      network: 'x',
      status: 'ok',
      seconds: 1,
    },
    progress: { completed: 5, total: 10 },
  },
  {
    type: 'generation',
    generation: {
      index: 0,
      hypervolume: 0.5,
      front: [
        { hash: 'a', loss: 1, deviation: null, accuracy: 0.5, parameters: 20_000 },
        { hash: 'b', loss: 0.9, deviation: null, accuracy: 0.625, parameters: 40_000 },
      ],
      evaluations: 5,
      failures: 1,
      samplesSeen: 100,
    },
    progress: { completed: 5, total: 10 },
  },
  { type: 'final', finalists: [], progress: { completed: 5, total: 10 } },
];

function play(terminal: { isTTY?: boolean; columns?: number }): string {
  let written = '';
  const progress = new ProgressLine({
    ...terminal,
    write: (text) => {
      written += text;
    },
  });
  for (const event of events) progress.show(event);
  progress.end();
  return written;
}

/** What a terminal shows in the end: a return and an erased line take away what was on the line. */
function visible(written: string): string[] {
  return written.split('\n').map((line) => line.slice(line.lastIndexOf('\x1b[2K') + 1).replace('[2K', ''));
}

const MILESTONES = [
  '10 networks to train',
  'generation 1: best 62.5 % with 40,000 parameters, smallest 20,000, 2 on the front, 1 failed',
];

describe('where there is no terminal', () => {
  test('there are milestones alone, one a line', () => {
    expect(play({})).toBe(`${MILESTONES.join('\n')}\n`);
  });
});

describe('on a terminal', () => {
  test('a line is drawn over and over, and taken away in the end', () => {
    const written = play({ isTTY: true, columns: 100 });
    expect(written).toContain('████████████░░░░░░░░░░░░ 5/10 networks');
    expect(written).toContain('left');
    expect(visible(written)).toEqual([...MILESTONES, '']);
  });

  test.each([20, 0, 300])('of %d columns it never wraps', (columns) => {
    const drawn = play({ isTTY: true, columns })
      .split('\n')
      .flatMap((line) => line.split('\r\x1b[2K'))
      .filter((text) => text.includes('░'));
    expect(drawn.length).toBeGreaterThan(2);
    for (const text of drawn) expect(text.length).toBeLessThan(columns || 80);
  });
});
