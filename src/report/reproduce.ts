import { shellWord } from '../core/shell-word.ts';
import { defaultFinalTraining, defaultFitnessTraining } from '../evolution/budgets.ts';
import { genomeBoundsSchema } from '../genome/bounds.ts';
import type { ReportRun } from './report-data.ts';

/** Options of the library by those of the command that stand for them. */
const VALUES: Readonly<Record<string, string>> = {
  seed: '--seed',
  sampler: '--sampler',
  objectives: '--objectives',
  population: '--population',
  generations: '--generations',
  repeats: '--repeats',
  'bounds.maximumPatches': '--max-patches',
  'bounds.maximumParameters': '--max-parameters',
  'bounds.maximumMacs': '--max-macs',
  maximumEvaluations: '--max-evaluations',
  maximumSamples: '--max-samples',
  maximumSeconds: '--max-seconds',
  stagnation: '--stagnation',
  'fitness.samples': '--fitness-samples',
  'fitness.epochs': '--fitness-epochs',
  'final.samples': '--final-samples',
  'final.epochs': '--final-epochs',
  'final.shift': '--jitter',
  finalists: '--finalists',
  margin: '--margin',
};
/** Flags, with the value of the option that they stand for. */
const FLAGS: Readonly<Record<string, readonly [option: string, value: boolean]>> = {
  '--no-halving': ['halving', false],
  '--fixed-operators': ['adaptive', false],
  '--no-surrogate': ['surrogate', false],
  '--seed-layouts': ['seedLayouts', true],
  '--no-baseline': ['baseline', false],
  '--no-control': ['control', false],
  '--controls': ['controls', true],
};

export interface Reproduction {
  /** The command that makes the run again, every option spelled out, since defaults may change. */
  readonly command: string;
  /** Options that differ from their defaults and that the command does not have. */
  readonly missing: readonly string[];
}

export function reproduceCommand({ settings, dataset }: ReportRun): Reproduction {
  const { options, dataSource } = settings;
  const source = dataSource ?? { data: dataset.name, ...(dataset.align && { align: dataset.align }) };
  const words = [
    ...Object.entries(source).map(([name, value]) => `--${name} ${shellWord(value)}`),
    ...Object.entries(VALUES).flatMap(([path, option]) => {
      const value = valueAt(options, path);
      return value === undefined || value === null ? [] : [`${option} ${shellWord(String(value))}`];
    }),
    ...Object.entries(FLAGS).flatMap(([flag, [option, value]]) => (options[option] === value ? [flag] : [])),
    '--out runs/again',
  ];
  return { command: `evopatch evolve ${words.join(' ')}`, missing: missingOptions(settings, dataset) };
}

function missingOptions(
  { options }: ReportRun['settings'],
  { frame, classes }: ReportRun['dataset'],
): string[] {
  const bounds = genomeBoundsSchema.safeParse({ frame, classes: Math.max(2, classes.length) });
  const defaults = {
    fitness: defaultFitnessTraining(1),
    final: defaultFinalTraining(1),
    ...(bounds.success ? { bounds: bounds.data } : {}),
  };
  return Object.entries(defaults).flatMap(([group, fields]) =>
    Object.entries(fields).flatMap(([name, value]) => {
      const path = `${group}.${name}`;
      const given = valueAt(options, path);
      const isPlain = typeof value !== 'object' && name !== 'classes';
      return isPlain && VALUES[path] === undefined && given !== undefined && given !== value ? [path] : [];
    }),
  );
}

function valueAt(options: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], options);
}
