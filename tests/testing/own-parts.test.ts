import { expect, test } from 'vitest';
import {
  breed,
  type CustomObjective,
  drawRandom,
  evolvePatches,
  type Genome,
  inlineEvaluator,
  type Mutation,
  proposeNew,
  type Sampler,
  samplers,
} from '../../src/index.ts';
import { checkEvaluator, checkObjective, checkOperator, checkSampler } from '../../src/testing/index.ts';
import { tinyRun } from '../evolution/running.ts';

// Each part uses what a stranger has: the public exports alone.

/** The largest difference of accuracy between two classes. */
const classGap: CustomObjective = {
  name: 'class-gap',
  reference: 1,
  measure({ evaluation: { predictions }, rows }) {
    const { labels, classes } = tinyRun.dataset;
    const accuracies = classes.map((_, label) => {
      const own = [...rows.keys()].filter((index) => labels[rows[index]] === label);
      return own.filter((index) => predictions[index] === label).length / Math.max(1, own.length);
    });
    return Math.max(...accuracies) - Math.min(...accuracies);
  },
};

const patchCount: CustomObjective = {
  name: 'patch-count',
  reference: 20,
  measure: ({ genome }) => genome.patches.length,
};

/** Puts the first patch on the mouth. */
const toMouth: Mutation = {
  kind: 'mutation',
  name: 'to-mouth',
  weight: 5,
  apply({ patches: [first, ...others], network }, _, random) {
    return {
      patches: [{ ...first, dx: 0, dy: 12 + random.integer(0, 2), mirrored: false }, ...others],
      network,
    };
  },
};

/** Mutates the member of the front with the lowest loss. */
const hillClimber: Sampler = {
  name: 'hill-climber',
  ask(state, settings) {
    const [best] = state.front;
    if (best === undefined) return proposeNew(state, settings, drawRandom(state, settings));
    return proposeNew(
      state,
      settings,
      breed(state, settings, 0, () => [best.genome, best.genome]),
    );
  },
  tell: samplers.random.tell,
};

test('they conform', async () => {
  await checkObjective(patchCount);
  checkOperator(toMouth);
  checkSampler(hillClimber);
  await checkEvaluator(({ dataset, engine }) => inlineEvaluator(dataset, engine));
});

test('the suite notices what is wrong with them', async () => {
  await expect(checkObjective({ ...patchCount, reference: 0 })).rejects.toThrow(/reference/);
  await expect(checkObjective({ ...patchCount, measure: () => Number.NaN })).rejects.toThrow(/finite/);
  await expect(checkObjective({ ...patchCount, reference: 0.5 })).rejects.toThrow(/no genome is better/);
  const idle: Mutation['apply'] = (genome) => genome;
  expect(() => checkOperator({ ...toMouth, apply: idle })).toThrow(/children are new/);
  const changing: Mutation['apply'] = (genome) => {
    (genome.patches[0] as { dx: number }).dx += 1;
    return genome;
  };
  expect(() => checkOperator({ ...toMouth, apply: changing })).toThrow(/leave the parents/);
  const { ask, tell } = hillClimber;
  const stuck: Sampler['ask'] = (state, settings) =>
    ask({ ...state, generation: 0, front: [], seen: [] }, settings);
  expect(() => checkSampler({ ...hillClimber, ask: stuck })).toThrow(/no genome twice/);
  const forgetful: Sampler['tell'] = (...told) => ({ ...tell(...told), seen: [] });
  expect(() => checkSampler({ ...hillClimber, tell: forgetful })).toThrow(/seen/);
});

test('a search takes them all', async () => {
  let trainings = 0;
  const children: Genome[] = [];
  const result = await evolvePatches({
    ...tinyRun,
    objectives: ['loss', classGap, patchCount],
    operators: [{ ...toMouth, weight: 20 }],
    sampler: hillClimber,
    evaluator({ dataset, engine }) {
      const inner = inlineEvaluator(dataset, engine);
      return {
        ...inner,
        evaluate(requests, options) {
          trainings += requests.length;
          return inner.evaluate(requests, options);
        },
      };
    },
    onEvent: (event) => {
      if (event.type !== 'evaluation' || !event.evaluation.generation) return;
      if (event.evaluation.genome) children.push(event.evaluation.genome);
    },
  });
  expect(trainings).toBe(result.evaluations);
  expect(Object.keys(result.referencePoint)).toEqual(['loss', 'class-gap', 'patch-count']);
  expect(children.length).toBeGreaterThan(0);
  expect(children.some(({ patches }) => patches.some(({ dx, dy }) => dx === 0 && dy >= 12))).toBe(true);
});

test.each(['nsga2', 'aging'] as const)(
  'the surrogate of %s models an objective of one’s own',
  async (sampler) => {
    const objectives = ['loss', patchCount] as const;
    const run = { ...tinyRun, population: 12, generations: 4, sampler, objectives };
    const { history, population } = await evolvePatches(run);
    const [first, last] = [history[0], history[3]].map(({ hypervolume }) => hypervolume);
    expect(last).toBeGreaterThanOrEqual(first);
    expect(Math.min(...population.map(({ genome }) => genome.patches.length))).toBe(1);
  },
);

test('an objective that gives no number ends the run', async () => {
  const objectives = ['loss', { ...patchCount, measure: () => Number.NaN }] as const;
  await expect(evolvePatches({ ...tinyRun, objectives })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    data: { option: 'objectives' },
  });
});

test('names of evopatch cannot be taken, nor one name twice', () => {
  const refused = (options: object) =>
    expect(() => evolvePatches({ ...tinyRun, ...options })).toThrow(/INVALID_OPTION|must|name/);
  refused({ objectives: ['loss', { ...patchCount, name: 'macs' }] });
  refused({ objectives: ['loss', patchCount, patchCount] });
  refused({ objectives: [patchCount] });
  refused({ operators: [{ ...toMouth, name: 'move' }] });
  refused({ operators: [toMouth, toMouth] });
  refused({ sampler: { ...hillClimber, name: 'aging' } });
  refused({ sampler: 'annealing' });
});
