import { afterEach, describe, expect, test } from 'vitest';
import type { ProgressStream } from '../../src/summary/live-lines.ts';
import { RunProgress, type RunProgressOptions } from '../../src/summary/run-progress.ts';
import { evaluation, recordedRun, type TimedEvent } from './recorded-run.ts';
import { Terminal } from './terminal.ts';

/** Plays the events of a run; the last frame is the one before `end`. */
function play(
  stream: Omit<ProgressStream, 'write'>,
  options: RunProgressOptions = {},
  events: readonly TimedEvent[] = recordedRun(),
) {
  let time = 1000;
  let written = '';
  const terminal = new Terminal(stream.columns || 80);
  const write = (text: string) => {
    written += text;
    terminal.write(text);
  };
  const progress = new RunProgress({ ...stream, write }, { clock: () => time, ...options });
  for (const { at, event } of events) {
    time = 1000 + at;
    progress.show(event);
  }
  const lastFrame = terminal.lines();
  progress.end();
  return { written, lastFrame, left: terminal.lines() };
}

const PLAIN = [
  '20 networks to train',
  'generation 1: best 63.4 % after short training, with 95,343 parameters, smallest 28,112, 2 on the front, hypervolume 0.3100, 1 failed',
  'checkpoint after generation 1',
  'full-face baseline, trained in full: 66.8 % with 1,944,199 parameters',
  'warning: a line of the history is torn',
];

const STAYS = [PLAIN[0], PLAIN[3], PLAIN[4]];

const FRAME = [
  'generation 2/2    ██████████████░░░░░░░░░░  60 %  about 8 s left',
  'networks          12 of 20  1 failed  1.0 a second  rungs 4 → 1 of 2',
  '≤ 100k            63.4 %  loss 0.972 ± 0.004  95,343 parameters',
  '≤ 30k             60.1 %  loss 1.041  28,112 parameters',
  'hypervolume       0.3100  ▁',
  'baseline          66.8 %  loss 0.983  1,944,199 parameters, trained in full',
];

describe('without a terminal', () => {
  test('there is only a line for each milestone', () => {
    expect(play({}).written).toBe(`${PLAIN.join('\n')}\n`);
  });

  test('controls have a line each', () => {
    const progress = { completed: 1, total: 2 };
    const control = { purpose: 'control', network: 'centre-crop', generation: undefined } as const;
    const records = [
      evaluation({ purpose: 'random-search' }),
      evaluation({ purpose: 'random-search' }),
      evaluation({ ...control, accuracy: 0.5, parameters: 20_000 }),
      evaluation({ ...control, status: 'failed', message: 'no memory' }),
    ];
    const events = records.map((record) => {
      return { at: 1, event: { type: 'evaluation', evaluation: record, progress } } as const;
    });
    expect(play({}, {}, events).written.trimEnd().split('\n')).toEqual([
      'controls: as many random layouts',
      'control centre-crop: 50.0 % with 20,000 parameters',
      'control centre-crop: failed (no memory)',
    ]);
  });
});

describe('on a terminal', () => {
  test('a few lines are redrawn below the permanent ones', () => {
    const { lastFrame, left } = play({ isTTY: true, columns: 100, rows: 40 }, { color: false });
    expect(lastFrame).toEqual([...STAYS, ...FRAME]);
    expect(left).toEqual(STAYS);
  });

  test('every frame is exact to the byte', () => {
    const [start, first, second] = recordedRun();
    const { written } = play({ isTTY: true, columns: 60 }, { color: false }, [start, first, second]);
    const bar = '░'.repeat(8);
    const begin = [`gen 1/2      ${bar}  0 %`, 'networks     0 of 20  none failed  0 s'];
    const next = [`gen 1/2      ${bar}  5 %`, 'networks     1 of 20  none failed  1 s  rungs 1'];
    const last = [`gen 1/2      █${bar.slice(1)}  10 %`, 'networks     2 of 20  none failed  2 s  rungs 2'];
    const erased = '\r\x1b[2A\x1b[J';
    const frame = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
    expect(written).toBe(
      `20 networks to train\n${frame(begin)}${erased}${frame(next)}${erased}${frame(last)}${erased}`,
    );
  });

  test.each([1, 12, 20, 33, 50, 64, 80, 0, 300])('of %d columns no line wraps', (columns) => {
    const { lastFrame } = play({ isTTY: true, columns, rows: 40 });
    const drawn = lastFrame.filter((line) => !STAYS.some((one) => one.includes(line)));
    expect(drawn.length).toBeGreaterThan(0);
    for (const line of drawn) expect(line.length).toBeLessThan(Math.max(2, columns || 80));
  });

  test('of few rows only the first lines are drawn', () => {
    const { lastFrame } = play({ isTTY: true, columns: 100, rows: 4 }, { color: false });
    expect(lastFrame).toEqual([...STAYS, ...FRAME.slice(0, 2)]);
  });

  test('that becomes narrower nothing is left behind', () => {
    const terminal = new Terminal(100);
    const stream = { isTTY: true, columns: 100, rows: 40, write: (text: string) => terminal.write(text) };
    let time = 0;
    const progress = new RunProgress(stream, { color: false, clock: () => time });
    for (const { at, event } of recordedRun()) {
      time = at;
      progress.show(event);
    }
    stream.columns = 30;
    terminal.resize(30);
    progress.end();
    expect(terminal.lines().join('')).toBe(STAYS.join(''));
  });

  test('events in quick succession are drawn together', () => {
    const [start, first] = recordedRun();
    const burst = Array.from({ length: 500 }, () => ({ ...first, at: 1 }));
    const { written } = play({ isTTY: true, columns: 100 }, {}, [start, ...burst]);
    expect(written.split('\x1b[J').length).toBeLessThan(5);
  });

  test('a resumed run starts with its known state', () => {
    const [, ...rest] = recordedRun();
    const known = rest.flatMap(({ event }) => (event.type === 'generation' ? [event.generation] : []));
    const progress = { completed: 6, total: 20 };
    const start = { type: 'start', generations: 2, history: known, progress } as const;
    const { lastFrame } = play({ isTTY: true, columns: 100 }, { color: false }, [{ at: 0, event: start }]);
    expect(lastFrame).toEqual([
      '14 of 20 networks left to train',
      'generation 2/2    ███████░░░░░░░░░░░░░░░░░  30 %',
      'networks          6 of 20  1 failed  0 s',
      ...FRAME.slice(2, 5),
    ]);
  });
});

describe('colours', () => {
  const before = process.env.NO_COLOR;
  afterEach(() => {
    if (before === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = before;
  });

  test('are shown unless the environment forbids them, with the same layout', () => {
    delete process.env.NO_COLOR;
    const colored = play({ isTTY: true, columns: 100, rows: 40 });
    expect(colored.written).toContain('\x1b[2m');
    expect(colored.lastFrame).toEqual([...STAYS, ...FRAME]);
    process.env.NO_COLOR = '1';
    const plain = play({ isTTY: true, columns: 100, rows: 40 });
    const codes = plain.written.split('\x1b[').slice(1);
    expect(codes.filter((code) => !/^(\d+A|J)/.test(code))).toEqual([]);
    expect(plain.lastFrame).toEqual(colored.lastFrame);
  });

  test('are never shown without a terminal', () => {
    expect(play({}, { color: true }).written).not.toContain('\x1b');
  });
});
