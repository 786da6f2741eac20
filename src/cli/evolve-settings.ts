import { resolve } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import type { TrainingBudget } from '../options/budgets.ts';
import type { EvolveOptions } from '../options/evolve-options.ts';
import type { SamplerName } from '../search/samplers/sampler.ts';
import { OBJECTIVES, type ObjectiveName } from '../search/search-state.ts';
import { dataSourceOf } from './data-source.ts';
import type { EvolveValues } from './evolve-options.ts';
import { teacherSettings } from './teacher-options.ts';

/**
 * The options of a search as the library takes them.
 *
 * @throws EvopatchError `INVALID_OPTION` for impossible objectives.
 */
export function evolveSettings(values: EvolveValues): Omit<EvolveOptions, 'dataset' | 'signal' | 'onEvent'> {
  return {
    population: values.population,
    generations: values.generations,
    seed: values.seed,
    workers: values.workers,
    engine: values.engine,
    runFolder: values.out,
    force: values.force,
    dataSource: dataSourceOf(values),
    evaluationCache: values['evaluation-cache'] && resolve(values['evaluation-cache']),
    sampler: values.sampler as SamplerName | undefined,
    objectives: values.objectives === undefined ? undefined : parseObjectives(values.objectives),
    halving: !values['no-halving'],
    repeats: values.repeats,
    adaptive: !values['fixed-operators'],
    surrogate: !values['no-surrogate'],
    distill: !values['no-distill'],
    seedLayouts: values['seed-layouts'],
    maximumEvaluations: values['max-evaluations'],
    maximumSamples: values['max-samples'],
    maximumSeconds: values['max-seconds'],
    stagnation: values.stagnation,
    fitness: budget(values['fitness-samples'], values['fitness-epochs']),
    final: budget(values['final-samples'], values['final-epochs']),
    jitter: values.jitter,
    finalists: values.finalists,
    bounds: {
      maximumPatches: values['max-patches'],
      maximumParameters: values['max-parameters'],
      maximumMacs: values['max-macs'],
    },
    margin: values.margin,
    teacher: teacherSettings(values),
    baseline: !values['no-baseline'],
    control: !values['no-control'],
    controls: values.controls,
  };
}

/** Objectives as they are typed, as in `loss,parameters`. */
export function parseObjectives(given: string): ObjectiveName[] {
  const refuse = (problem: string): never => {
    throw new EvopatchError('INVALID_OPTION', problem, { option: '--objectives', given });
  };
  const names = given.split(',').map((name) => name.trim());
  const known = (name: string): name is ObjectiveName => (OBJECTIVES as readonly string[]).includes(name);
  if (!names.every(known))
    return refuse(`must be one or more of ${OBJECTIVES.join(', ')}, with commas between`);
  if (names[0] !== 'loss' && names[0] !== 'error') return refuse("must begin with 'loss' or 'error'");
  if (new Set(names).size < names.length) return refuse('must not name an objective twice');
  return names;
}

function budget(samples: number | undefined, epochs: number | undefined): Partial<TrainingBudget> {
  return { ...(samples === undefined ? {} : { samples }), ...(epochs === undefined ? {} : { epochs }) };
}
