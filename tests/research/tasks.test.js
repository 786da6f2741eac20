import { describe, expect, test } from 'vitest';
import { countPhotos } from '../../research/tasks/count-photos.js';
import { claimOf, poolDifferences } from '../../research/tasks/pool.js';
import { combineReports, taskReport } from '../../research/tasks/report.js';
import { leadsOf } from '../../research/tasks/rivals.js';
import { claimSentence, summaryMarkdown, taskMarkdown } from '../../research/tasks/table.js';
import { TASKS } from '../../research/tasks/tasks.js';
import { chanceInside, shareInside, truePixels } from '../../research/tasks/truth.js';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { faceSquare, patchAt } from '../../src/genome/patches.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';

const face = faceSquare(FACE_FRAME);

function layoutAt(...places) {
  const patches = places.map(([x, y, width, height]) =>
    patchAt({ x: face.x + x, y: face.y + y, width, height }, { mirrored: false, scale: 1 }, FACE_FRAME),
  );
  return { patches };
}

describe('pooling over seeds', () => {
  const differences = [
    { estimate: 0.02, interval95: [-0.01, 0.05] },
    { estimate: -0.04, interval95: [-0.05, -0.03] },
  ];

  test('the mean, and an interval that is as wide as theirs on average', () => {
    const { estimate, deviation, interval95 } = poolDifferences(differences);
    expect(estimate).toBeCloseTo(-0.01);
    expect(deviation).toBeCloseTo(0.06 / Math.SQRT2);
    expect(interval95[0]).toBeCloseTo(-0.03);
    expect(interval95[1]).toBeCloseTo(0.01);
  });

  test('equal seeds know no more than one', () => {
    const [one] = differences;
    expect(poolDifferences([one, one])).toEqual({ ...one, deviation: 0 });
    expect(poolDifferences([one])).toEqual({ ...one, deviation: null });
  });

  test('leads over a rival, row by row', () => {
    const { accuracies, accuracy, leads, lead } = leadsOf(
      [
        [1, 1, 1, 0],
        [1, 0, 1, 0],
      ],
      [
        [1, 0, 0, 1],
        [1, 0, 1, 0],
      ],
    );
    expect(accuracies).toEqual([0.5, 0.5]);
    expect(accuracy).toEqual({ mean: 0.5, deviation: 0 });
    expect(leads[0]).toMatchObject({ estimate: 0.25, gained: 2, lost: 1 });
    expect(leads[1]).toMatchObject({ estimate: 0, gained: 0, lost: 0 });
    expect(lead.estimate).toBeCloseTo(0.125);
  });
});

test('runs on different data or with different options are not taken together', () => {
  const one = (seed, hash, margin) => ({
    seed,
    description: { options: { seed, margin, workers: 1 }, dataset: {} },
    result: { dataset: { name: 'faces', hash } },
  });
  const both = (other) => () => taskReport('smiles', [one('a', 'x', 0.02), other]);
  expect(both(one('b', 'y', 0.02))).toThrow('different data or options');
  expect(both(one('b', 'x', 0.1))).toThrow('different data or options');
});

test('photos, by what was found in them', () => {
  const points = (noseX) => {
    const all = Array.from({ length: 136 }, () => '50');
    for (let i = 36; i < 42; i++) all[2 * i] = '40';
    for (let i = 42; i < 48; i++) all[2 * i] = '60';
    all[60] = noseX;
    return all;
  };
  const face = (file, number, score, noseX) => [file, number, score, ...points(noseX)];
  const counts = countPhotos([
    face('crop.png', '0', '1', '50'),
    face('crowd.jpg', '0', '0.7', '45'), // a quarter of the distance between the eyes
    face('crowd.jpg', '1', '0.9', '51'), // the best counts
    face('none.jpg', '0', '0', '55'),
    face('profile.jpg', '0', '0.4', '39'),
  ]);
  expect(counts).toEqual({ photos: 4, crops: 1, found: 2, notFound: 1, several: 1, turned: 2 });
});

describe('where the answer lies', () => {
  const [mouth, around] = TASKS.smiles.truths.map((truth) => truePixels(truth, FACE_FRAME));
  const count = (pixels) => pixels.reduce((sum, one) => sum + one, 0);

  test('the mouth is part of its surroundings, and nothing above the nose is', () => {
    expect(count(mouth)).toBeGreaterThan(100);
    expect(count(around)).toBeGreaterThan(2 * count(mouth));
    expect(mouth.every((one, pixel) => one <= around[pixel])).toBe(true);
    expect(count(around.subarray(0, FACE_FRAME.noseY * FACE_FRAME.size))).toBe(0);
  });

  test('shares of what is read, a pixel once', () => {
    const all = new Uint8Array(FACE_FRAME.size ** 2);
    const row = (face.y + 10) * FACE_FRAME.size;
    all.fill(1, row, row + FACE_FRAME.size); // one row of the frame
    expect(shareInside(layoutAt([4, 8, 8, 4]), all, FACE_FRAME)).toBe(1 / 4);
    expect(shareInside(layoutAt([4, 8, 8, 4], [4, 8, 8, 4]), all, FACE_FRAME)).toBe(1 / 4);
    expect(shareInside(layoutAt([4, 20, 8, 4]), all, FACE_FRAME)).toBe(0);
    const layouts = [layoutAt([4, 8, 8, 4]), layoutAt([4, 20, 8, 4])];
    expect(chanceInside(layouts, all, FACE_FRAME)).toEqual({ mean: 1 / 8, interval95: [0, 1 / 4] });
  });
});

const difference = (estimate) => ({ estimate, interval95: [estimate - 0.01, estimate + 0.01] });
const run = (seed, parameters, estimate) => ({
  seed,
  baseline: { parameters: 1000, accuracy: 0.9, interval95: [0.88, 0.92] },
  best: {
    summary: 'one patch',
    parameters,
    macs: 5000,
    pixels: 0.1,
    accuracy: 0.9 + estimate,
    interval95: [0.87, 0.93],
    difference: difference(estimate),
  },
  controls: [
    { control: 'centre-crop', accuracy: 0.8, lead: difference(0.1) },
    { control: 'whole-face', accuracy: 0.9, lead: difference(0.005) },
  ],
  truths: [{ title: 'mouth', share: 0.75, chance: { mean: 0.2, interval95: [0, 0.5] } }],
});
const only = (mean, deviation = 0) => ({ mean, deviation });
const report = {
  task: 'smiles',
  title: 'smiling or not',
  command: 'evopatch evolve --data smiles --seed a',
  data: { count: 6000, unaligned: 19, skipped: 0, training: 4790, validation: 1200, copies: 10 },
  runs: [run('a', 100, 0.02), run('b', 20, -0.04)],
  means: {
    baselineAccuracy: only(0.9),
    accuracy: only(0.89, 0.042),
    parameters: only(60, 57),
    macs: only(5000),
    pixels: only(0.1),
    truths: [{ title: 'mouth', share: only(0.75), chance: only(0.2) }],
    rungs: {
      pixels: [{ limit: 0.05, accuracy: null }],
      parameters: [{ limit: 1000, accuracy: only(0.89, 0.042) }],
    },
  },
  pooled: {
    difference: { ...difference(-0.01), deviation: 0.042 },
    controls: [
      { control: 'centre-crop', seeds: 2, lead: difference(0.1) },
      { control: 'whole-face', seeds: 2, lead: difference(0.005) },
    ],
    finding: { isFinding: true, strongest: 'centre-crop' },
  },
  consistency: null,
  rivals: [],
};

describe('reports of different seeds', () => {
  const bounds = parseGenomeBounds({ frame: FACE_FRAME, classes: 2 });
  const rungs = { pixels: [], parameters: [] };
  const reportOf = (seed, estimate, place) => {
    const one = run(seed, 100, estimate);
    const genome = layoutAt(place);
    return {
      task: 'smiles',
      options: { margin: 0.02 },
      data: { hash: 'x' },
      bounds,
      rivals: [],
      runs: [{ ...one, rungs, best: { ...one.best, genome } }],
    };
  };
  const a = reportOf('a', 0.02, [4, 8, 8, 8]);
  const b = reportOf('b', -0.04, [5, 8, 8, 8]);

  test('become one, as if one machine had run all seeds', () => {
    const both = combineReports([a, b]);
    expect(both.runs.map(({ seed }) => seed)).toEqual(['a', 'b']);
    expect(both.means.accuracy.mean).toBeCloseTo(0.89);
    expect(both.pooled.difference.estimate).toBeCloseTo(-0.01);
    expect(both.consistency.overlap).toBeCloseTo(7 / 9);
    const ofFile = JSON.parse(JSON.stringify(combineReports([a])));
    expect(combineReports([ofFile, b])).toEqual(both);
  });

  test('may have different controls: each counts where it was trained', () => {
    const [ofB] = b.runs;
    const fewer = { ...b, options: { ...b.options, controls: 'none' }, runs: [{ ...ofB, controls: [] }] };
    const { pooled } = combineReports([a, fewer]);
    expect(pooled.controls.map(({ control, seeds }) => [control, seeds])).toEqual([
      ['centre-crop', 1],
      ['whole-face', 1],
    ]);
    expect(combineReports([fewer, a]).pooled.controls).toEqual(pooled.controls);
    expect(combineReports([a, b]).pooled.controls.map(({ seeds }) => seeds)).toEqual([2, 2]);
    const text = taskMarkdown({ ...report, runs: [run('a', 100, 0.02), ...fewer.runs], pooled });
    expect(text).toContain('| centre crop | 80.0, – | +10.0 (+9.0 to +11.0), 1 seed |');
  });

  test('are refused where they say nothing together', () => {
    expect(() => combineReports([a, a])).toThrow('seed a');
    expect(() => combineReports([a, { ...b, data: { hash: 'y' } }])).toThrow('different data or options');
    expect(() => combineReports([a, { ...b, task: 'masks' }])).toThrow('different data or options');
    expect(() => combineReports([a, { ...b, rivals: [{}] }])).toThrow('rivals');
  });
});

describe('the claim of the source paper', () => {
  test('over all runs of all tasks, with its spread', () => {
    const claim = claimOf([report, { ...report, runs: [run('a', 60, -0.01)] }]);
    expect(claim).toMatchObject({ tasks: 2, runs: 3 });
    expect(claim.cut.mean).toBeCloseTo(0.94);
    expect([claim.cut.least, claim.cut.most]).toEqual([0.9, 0.98]);
    expect(claim.difference.mean).toBeCloseTo(-0.01);
    expect(claim.difference.deviation).toBeCloseTo(0.03);
    expect(claimSentence(claim)).toBe(
      'Over 2 tasks and 3 runs, the chosen networks have 94.0 % fewer parameters than the full-face baseline (from 90.0 % to ' +
        '98.0 %), and their accuracy differs from its by −1.0 points ± 3.0 (from −4.0 to +2.0).',
    );
  });

  test('runs without a baseline say nothing', () => {
    const alone = { ...run('a', 100, 0), baseline: null };
    expect(claimOf([{ ...report, runs: [alone] }])).toBeNull();
    expect(claimOf([{ ...report, runs: [alone, run('b', 500, 0)] }])).toMatchObject({ runs: 1 });
  });
});

describe('tables', () => {
  test('a row for each task, and the sentence', () => {
    const text = summaryMarkdown([report]);
    expect(text).toContain(
      '| smiling or not | 2 | 10.0 ± 0.0 | 60 ± 57 | 89.0 ± 4.2 | 90.0 ± 0.0 | −1.0 (−2.0 to 0.0) | yes | +0.5 (−0.5 to +1.5) | mouth: 75.0 (20.0) |\n',
    );
    expect(text).toMatch(/\n\nOver 1 task and 2 runs, .*\n$/);
  });

  test('the page of a task leaves out what it lacks', () => {
    const text = taskMarkdown(report);
    expect(text).toContain('6,000 faces: 4,790 train, 1,200 measure.');
    expect(text).toContain(
      '\n| b | one patch | 10.0 | 20 | 5,000 | 86.0 (87.0 to 93.0) | 90.0 (88.0 to 92.0) | −4.0',
    );
    expect(text).toContain('| centre crop | 80.0, 80.0 | +10.0 (+9.0 to +11.0) |');
    expect(text).toContain('| ≤ 5 % of the pixels | – |\n| ≤ 1,000 parameters | 89.0 ± 4.2 |');
    expect(text).toContain('| mouth | 75.0, 75.0 | 75.0 ± 0.0 | 0.0 to 50.0; 0.0 to 50.0 | 20.0 |');
    expect(text).not.toMatch(/undefined|NaN|null|Agreement/);
    const rivals = [
      {
        network: 'miniXception',
        parameters: 56_951,
        macs: 10_160_000,
        accuracies: [0.8, 0.82],
        accuracy: only(0.81, 0.014),
        lead: difference(0.08),
      },
    ];
    expect(taskMarkdown({ ...report, rivals })).toContain(
      '| miniXception | 56,951 | 10.16 M | 80.0, 82.0 | 81.0 ± 1.4 |',
    );
  });
});
