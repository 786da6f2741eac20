import { describe, expect, test } from 'vitest';
import { EYES_AND_MOUTH } from '../../src/bench/untrained-model.ts';
import type { ControlMeasurement, ScoredGenome } from '../../src/run/result.ts';
import { formatControls } from '../../src/summary/controls.ts';
import { formatProbability } from '../../src/summary/format.ts';
import { formatFront } from '../../src/summary/front-table.ts';

function control(name: ControlMeasurement['control'], estimate: number, pValue: number): ControlMeasurement {
  return {
    control: name,
    network: name,
    parameters: 20_000,
    macs: 874_000,
    coveredPixels: 1063,
    validationLoss: 1,
    validationAccuracy: 0.6,
    interval95: [0.58, 0.62],
    lead: { estimate, interval95: [estimate - 0.011, estimate + 0.011], gained: 9, lost: 7, pValue },
  };
}

describe('controls', () => {
  test('are a table with the lead over each', () => {
    const text = formatControls({
      controls: [
        { ...control('random-layout', 0.024, 0.0000123), layouts: 1212 },
        control('hand-placed', -0.013, 0.0312),
        { ...control('whole-face', 0.002, 0.8), lead: null },
      ],
    });
    expect(text?.split('\n')).toEqual([
      'control                       parameters   MACs  pixels  accuracy  lead of the patches          95 %    McNemar',
      'best of 1,212 random layouts      20,000  874 k   1,063    60.0 %                 +2.4  +1.3 to +3.5  p < 0.001',
      'hand-placed layout                20,000  874 k   1,063    60.0 %                 −1.3  −2.4 to −0.2  p = 0.031',
      'whole face                        20,000  874 k   1,063    60.0 %                    –             –          –',
    ]);
  });

  test('are undefined where there are none', () => {
    expect(formatControls({ controls: [] })).toBeUndefined();
  });
});

test.each([
  [0.00099, 'p < 0.001'],
  [0.001, 'p = 0.001'],
  [0.0456, 'p = 0.046'],
  [1, 'p = 1'],
])('the probability %d is %s', (probability, text) => {
  expect(formatProbability(probability)).toBe(text);
});

describe('the front', () => {
  const member = (index: number, deviation: number | null): ScoredGenome => ({
    genome: EYES_AND_MOUTH,
    hash: `${index}`.padStart(3, '0').padEnd(64, 'f'),
    summary: '',
    rung: 2,
    loss: 1 + index / 1000,
    deviation,
    accuracy: 0.6,
    parameters: 50_000 - index,
    macs: 9000,
    coveredPixels: 500,
  });

  test('has the deviation between seeds', () => {
    const lines = formatFront([member(0, 0.0123), member(1, null)])?.split('\n') ?? [];
    expect(lines.slice(0, 3)).toEqual([
      'front of the search  parameters   MACs  pixels   loss  deviation  accuracy',
      '000fffff                 50,000  9,000     500  1.000    ± 0.012    60.0 %',
      '001fffff                 49,999  9,000     500  1.001   one seed    60.0 %',
    ]);
    expect(lines).toHaveLength(4);
  });

  test('shows ten of many, including both ends', () => {
    const lines =
      formatFront(Array.from({ length: 31 }, (_, index) => member(index, null)))?.split('\n') ?? [];
    expect(lines).toHaveLength(12);
    expect(lines[1]).toMatch(/^000/);
    expect(lines[10]).toMatch(/^030/);
    expect(lines[11]).toMatch(/^10 of 31 members; /);
  });

  test('is undefined where it is empty', () => {
    expect(formatFront([])).toBeUndefined();
  });
});
