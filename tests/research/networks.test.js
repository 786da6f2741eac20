import { describe, expect, test } from 'vitest';
import { studyChart } from '../../research/networks/chart.js';
import { planEnsembles } from '../../research/networks/ensembles.js';
import { genomesOf, pickGenome, planTrainings, trainArguments } from '../../research/networks/plan.js';
import { STUDY_ROWS, studyRows, TEACHER_ROWS } from '../../research/networks/rows.js';
import { epochSeconds, lastEpoch, seedsDifference, summarizeSeeds } from '../../research/networks/summary.js';
import { studyCommands, studyMarkdown, studyTables } from '../../research/networks/table.js';
import { proportionInterval } from '../../src/core/comparison.ts';
import { randomStream } from '../../src/core/random.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { randomGenome } from '../../src/genome/random.ts';

const bounds = parseGenomeBounds({ classes: 7 });

function found(name, parameters, accuracy, finalist = true) {
  const genome = randomGenome(bounds, randomStream('study', name));
  return { genome, hash: genomeHash(genome), parameters, accuracy, finalist };
}

const large = found('large', 90_000, 0.65);
const middle = found('middle', 50_000, 0.66);
const small = found('small', 15_000, 0.6);
const other = found('other', 70_000, 0.61);
const front = found('front', 14_000, 0.7, false);
const scale = {
  seeds: ['a', 'b'],
  epochs: 30,
  genomes: [large, middle, other, small, front],
  classes: 7,
};

describe('what is trained', () => {
  test('rows by name, in the order of the table', () => {
    expect(studyRows(['miniXception', 'baseline']).map(({ name }) => name)).toEqual([
      'baseline',
      'miniXception',
    ]);
    expect(studyRows()).toEqual(STUDY_ROWS);
    expect(() => studyRows(['miniception'])).toThrow('there is no such row');
    const names = STUDY_ROWS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining([...TEACHER_ROWS]));
  });

  test('the most accurate genome within a size, a finalist where there is one', () => {
    expect(pickGenome(scale.genomes, 100_000)).toBe(middle);
    expect(pickGenome(scale.genomes, 49_999)).toBe(small);
    expect(pickGenome(scale.genomes, 14_500)).toBe(front);
    expect(pickGenome(scale.genomes, 100)).toBeUndefined();
  });

  test('genomes of several runs, finalists first and each once', () => {
    const scored = { rung: 0, loss: 1, deviation: null, macs: 1, coveredPixels: 1, summary: '' };
    const measured = { ...scored, network: '', validationLoss: 1, unseenAccuracy: 0, difference: null };
    const finalist = (one) => {
      const interval95 = [0, 1];
      return { ...measured, ...one, validationAccuracy: one.accuracy, interval95 };
    };
    const results = [
      { finalists: [finalist(large)], front: [{ ...scored, ...large, accuracy: 0.4 }] },
      {
        finalists: [finalist(small)],
        front: [{ ...scored, ...front }],
      },
    ];
    expect(genomesOf(results)).toEqual([large, small, front]);
  });

  test('one training for two rows of one genome, with and without the teacher, and all finalists', () => {
    const plans = planTrainings(STUDY_ROWS, scale);
    const folderOf = (one) => `evolved-${one.hash.slice(0, 8)}`;
    const plan = (folder) => plans.find((one) => one.folder === folder);
    expect(plan(folderOf(middle))).toMatchObject({ rows: ['evolved-100k', 'evolved-60k'], taught: false });
    expect(plan(folderOf(small))).toMatchObject({ rows: ['evolved-20k'], taught: false, epochs: 30 });
    expect(plan(`${folderOf(small)}-distilled-squared`)).toMatchObject({
      rows: ['evolved-20k-distilled-squared'],
      taught: true,
      options: ['--epochs', '30', '--temperature', '4', '--mixing', '0.7', '--squared'],
    });
    expect(plan(folderOf(large))).toMatchObject({ rows: [], taught: false });
    expect(plan(folderOf(other))).toMatchObject({ rows: [] });
    expect(plan(folderOf(front))).toBeUndefined();
    expect(plan('agrawalMittal')).toMatchObject({ epochs: 5, network: 'agrawalMittal', parameters: 464_183 });
    expect(plan('microExpNet')).toMatchObject({ options: ['--epochs', '30', '--levels', 'normalized'] });
    expect(plan('microExpNet-distilled')).toMatchObject({
      rows: ['microExpNet-distilled'],
      taught: true,
      options: [
        ...['--epochs', '30', '--levels', 'normalized'],
        ...['--temperature', '8', '--mixing', '0.5'],
      ],
    });
    expect(plans.map(({ folder }) => folder)).toEqual([...new Set(plans.map(({ folder }) => folder))]);
  });

  test('rows of genomes are left out where there are none', () => {
    const plans = planTrainings(STUDY_ROWS, { ...scale, genomes: [], epochs: 1 });
    expect(plans.every(({ network }) => network !== undefined)).toBe(true);
    expect(plans.find(({ folder }) => folder === 'agrawalMittal')?.epochs).toBe(1);
    const only = planTrainings(studyRows(['ferDeep']), scale);
    expect(only.map(({ folder }) => folder)).toEqual(['ferDeep']);
  });

  test('the words of a command', () => {
    const [deep] = planTrainings(studyRows(['ferDeep']), scale);
    expect(trainArguments(deep, '-', 'a')).toEqual('train --network ferDeep --seed a --epochs 30'.split(' '));
    const [evolved] = planTrainings(studyRows(['evolved-60k']), scale);
    expect(trainArguments(evolved, 'g.json', 'b').slice(0, 5)).toEqual(
      'train --genome g.json --seed b'.split(' '),
    );
  });
});

describe('what ensembles are made', () => {
  const models = planTrainings(STUDY_ROWS, scale).flatMap((training) =>
    scale.seeds.map((seed) => ({ training, seed, file: `${training.folder}/${seed}` })),
  );
  const filesOf = (name) => {
    const { options = [] } = planEnsembles(models, ['best']).find((one) => one.name === name) ?? {};
    return options.filter((_, place) => options[place - 1] === '--model');
  };

  test('of evolved networks, and one of each row, with a teacher where they are selected within a size alone', () => {
    const evolved = models.filter(({ training }) => training.genome && !training.taught);
    expect(evolved).toHaveLength(8);
    const within = filesOf('evolved-confidence');
    const size = (files) =>
      models
        .filter(({ file }) => files.includes(file))
        .reduce((sum, { training }) => sum + training.parameters, 0);
    expect(size(within)).toBeLessThan(1_000_000);
    for (const { file, training } of evolved.filter(({ file }) => !within.includes(file))) {
      expect(size([...within, file]), training.folder).toBeGreaterThanOrEqual(1_000_000);
    }
    const taught = models.filter(({ training }) => training.genome && training.taught);
    expect(taught.length).toBeGreaterThan(0);
    const candidates = [...evolved, ...taught].map(({ file }) => file);
    expect(filesOf('evolved-selected').toSorted()).toEqual([...candidates, 'best'].toSorted());
    expect(filesOf('selected').filter((file) => file.includes('distilled'))).toEqual([]);
    const rows = filesOf('rows-voting');
    expect(rows).toContain('baseline/a');
    expect(rows.filter((file) => !file.endsWith('/a') || file.includes('distilled'))).toEqual([]);
    expect(rows).toHaveLength(9);
  });

  test('none of fewer than five', () => {
    expect(planEnsembles(models.slice(0, 4), [])).toEqual([]);
    const names = planEnsembles(models.slice(0, 5), []).map(({ name }) => name);
    expect(names).toEqual(['selected']);
  });
});

describe('what they came to', () => {
  const measured = (right, unseen = right) => ({ right, unseen });

  test('mean, deviation and interval over seeds', () => {
    const two = summarizeSeeds([measured([1, 1, 1, 0], [1, 0]), measured([1, 0, 0, 0], [0, 0])]);
    expect(two).toMatchObject({ mean: 0.5, accuracies: [0.75, 0.25], unseen: { mean: 0.25 } });
    expect(two.deviation).toBeCloseTo(Math.sqrt(0.125), 12);
    expect(two.interval95).toEqual(proportionInterval(0.5, 4));
    expect(summarizeSeeds([measured([1, 0], [])])).toMatchObject({ deviation: null, unseen: null });
  });

  test('the difference of two networks on the same rows', () => {
    const unseen = (of) => measured([1, ...of], of);
    const first = [unseen([1, 1, 1, 0]), unseen([1, 1, 0, 0])];
    const difference = seedsDifference(first, [unseen([1, 0, 0, 0])]);
    if (difference === null) expect.unreachable();
    const { estimate, interval95 } = difference;
    expect(estimate).toBeCloseTo((1 + 0.5) / 4, 12); // 0, 1, ½, 0
    const deviation = Math.sqrt((2 * 0.375 ** 2 + 0.625 ** 2 + 0.125 ** 2) / 3);
    expect(interval95[1] - estimate).toBeCloseTo((1.959963984540054 * deviation) / 2, 12);
    expect(seedsDifference(first, first)).toEqual({ estimate: 0, interval95: [0, 0] });
    expect(seedsDifference([measured([1], [])], [measured([0], [])])).toBeNull();
  });

  test('the time of an epoch from a log, not across a stop', () => {
    const at = (second) => new Date(Date.UTC(2020, 0, 1, 10, 0, second)).toISOString();
    const log = [
      `${at(0)} evopatch train`,
      `${at(5)} epoch 1 of 9: loss 2`,
      `${at(9)} epoch 2 of 9: loss 2`,
      `${at(14)} epoch 3 of 9: loss 2`,
      `${at(40)} evopatch train`,
      `${at(50)} epoch 4 of 9: loss 2`,
      `${at(56)} epoch 5 of 9: loss 2`,
    ];
    expect(epochSeconds(log.join('\n'))).toBe(5);
    expect(epochSeconds(log.slice(0, 3).join('\n'))).toBe(4);
    expect(epochSeconds(log.slice(0, 2).join('\n'))).toBeNull();
    expect(lastEpoch(log.join('\n'))).toEqual({ epoch: 5, of: 9 });
    expect(lastEpoch(log[0])).toBeUndefined();
  });
});

describe('the tables', () => {
  const row = {
    name: 'x',
    title: 'network x',
    genome: null,
    parameters: 12_345,
    macs: 2_340_000,
    epochs: 30,
    measured: null,
    difference: null,
    trainingSeconds: null,
    facesPerSecond: null,
    published: null,
    command: 'evopatch train x',
  };
  const report = {
    dataset: 'faces',
    samples: null,
    leaked: null,
    seeds: ['a', 'b'],
    epochs: 30,
    rows: [row],
    teacher: null,
    ensembles: [],
    distillation: [],
  };

  test('a row that has not come to anything yet', () => {
    const [networks, ...further] = studyTables(report);
    expect(further).toEqual([]);
    expect(networks.rows[0]).toEqual([
      ...['network x', '12,345', '2.3 M', '–', '–', '–', '–', '–', '–', '–', '30', ''],
    ]);
    for (const cells of networks.rows) expect(cells).toHaveLength(networks.columns.length);
  });

  test('everything', () => {
    const held = { accuracy: 0.68, interval95: [0.66, 0.7] };
    const ensemble = { members: 9, parameters: 900_000, macs: 5e7, command: 'evopatch ensemble' };
    const whole = {
      ...report,
      samples: 3589,
      leaked: 280,
      rows: [
        {
          ...row,
          measured: {
            mean: 0.6512,
            deviation: 0.0031,
            accuracies: [0.648, 0.6544],
            interval95: [0.6356, 0.667],
            unseen: { mean: 0.632, deviation: 0.004 },
          },
          difference: { estimate: -0.0166, interval95: [-0.0301, 0.0004] },
          trainingSeconds: 930,
          facesPerSecond: 13_600.4,
          published: { accuracy: '66 %', note: 'another split' },
        },
      ],
      teacher: {
        ...ensemble,
        name: 'ensemble teacher',
        title: 'the teacher',
        crossFitted: { ...held, accuracy: 0.7 },
        bestMember: held,
        unseen: 0.69,
      },
      ensembles: [
        { ...ensemble, name: 'e', title: 'all', crossFitted: held, bestMember: held, unseen: null },
      ],
      distillation: [
        {
          title: 'student',
          alone: { mean: 0.6, deviation: 0.002 },
          taught: { mean: 0.611, deviation: null },
          gain: { mean: 0.011, deviation: 0.004 },
        },
      ],
    };
    const [networks, ensembles, distillation] = studyTables(whole);
    expect(networks.rows[0].slice(3)).toEqual([
      ...[
        '65.1 ± 0.3',
        '63.6 to 66.7',
        '64.8, 65.4',
        '63.2 ± 0.4',
        '−1.7 (−3.0 to 0.0)',
        '13,600',
        '16',
        '30',
        '66 %',
      ],
    ]);
    expect(ensembles.rows.map(([title, , , , , ...last]) => [title, ...last])).toEqual([
      ['the teacher', '68.0 (66.0 to 70.0)', '69.0', '+2.0'],
      ['all', '68.0 (66.0 to 70.0)', '–', '0.0'],
    ]);
    expect(distillation.rows).toEqual([['student', '60.0 ± 0.2', '61.1', '+1.1 ± 0.4']]);
    expect(distillation.notes[0]).toBe('The teacher: 70.0 (66.0 to 70.0) %, 900,000 parameters.');
    const markdown = studyMarkdown(whole);
    expect(markdown).toContain('| student | 60.0 ± 0.2 | 61.1 | +1.1 ± 0.4 |');
    expect(markdown).toContain('280 validation rows');
    expect(markdown).toContain('network x: another split');
    const [first] = whole.rows;
    const cutShort = { ...first, name: 'agrawalMittal', epochs: whole.epochs - 1 };
    const chart = studyChart({ ...whole, rows: [{ ...first, name: 'evolved-20k' }, cutShort, row] });
    expect(chart.series.map(({ points }) => points)).toEqual([
      [{ x: 12_345, y: 63.2, deviation: 0.4, title: 'network x' }],
      [],
      [],
      [{ x: 900_000, y: 69, deviation: null, title: 'the teacher' }],
    ]);
    expect(studyCommands(whole)).toBe(
      '# network x\nevopatch train x\n# the teacher\nevopatch ensemble\n# all\nevopatch ensemble\n',
    );
  });
});
