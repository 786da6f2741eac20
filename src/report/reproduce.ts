import { shellWord } from '../core/shell-word.ts';
import { genomeBoundsSchema } from '../genome/bounds.ts';
import { defaultFinalTraining, defaultFitnessTraining } from '../options/budgets.ts';
import { DEFAULT_RETRIES, DEFAULT_TIMEOUT_SECONDS, MAX_JITTER } from '../options/evolve-options.ts';
import { flatOptions, optionText } from '../summary/flat-options.ts';
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
  'teacher.file': '--teacher',
  'teacher.temperature': '--temperature',
  'teacher.mixing': '--mixing',
};
/** Flags, with the value of the option that they stand for. */
const FLAGS: Readonly<Record<string, readonly [option: string, value: boolean]>> = {
  '--no-halving': ['halving', false],
  '--fixed-operators': ['adaptive', false],
  '--no-surrogate': ['surrogate', false],
  '--no-distill': ['distill', false],
  '--squared': ['teacher.squared', true],
  '--seed-layouts': ['seedLayouts', true],
  '--no-baseline': ['baseline', false],
  '--no-control': ['control', false],
  '--controls': ['controls', true],
};

/** Options on which no result depends. */
const WITHOUT_EFFECT = new Set(['workers', 'engine', 'evaluationCache']);

export interface Reproduction {
  /** The command that makes the run again, every option spelled out, since defaults may change. */
  readonly command: string;
  /** What it cannot promise, or say, as sentences. */
  readonly caveats: readonly string[];
}

export function reproduceCommand(run: ReportRun): Reproduction {
  const { options, dataSource } = run.settings;
  const source = dataSource ?? {
    data: run.dataset.name,
    ...(run.dataset.align && { align: run.dataset.align }),
  };
  const words = [
    ...Object.entries(source).map(([name, value]) => typed(`--${name}`, value)),
    ...Object.entries(VALUES).flatMap(([path, option]) => {
      const value = valueAt(options, path);
      return value === undefined || value === null || !isTypable(path, value)
        ? []
        : [typed(option, String(value))];
    }),
    ...Object.entries(FLAGS).flatMap(([flag, [path, value]]) =>
      valueAt(options, path) === value ? [flag] : [],
    ),
    '--out runs/again',
  ];
  return { command: `evopatch evolve ${words.join(' ')}`, caveats: caveatsOf(run) };
}

function caveatsOf(run: ReportRun): string[] {
  const { options, dataSource } = run.settings;
  const missing = missingOptions(run);
  const isMeasured = Array.isArray(options.objectives) && options.objectives.includes('latency');
  return [
    ...(run.status === 'complete'
      ? []
      : ['The run has not ended as it was planned; the command makes the whole of it.']),
    ...(dataSource === null
      ? ['A program loaded the data; --data and --align name them as far as the run tells.']
      : []),
    ...(dataSource?.data === '-' ? ['The data came through a pipe: --data - reads standard input.'] : []),
    ...(missing.length === 0
      ? []
      : [
          `The command has no option for ${missing.join(', ')}: a program gives all options below to evolvePatches.`,
        ]),
    ...(valueAt(options, 'maximumSeconds') == null
      ? []
      : ['After how many generations --max-seconds ends the search depends on the machine.']),
    ...(isMeasured ? ['Latencies are measured, so another run may choose other networks.'] : []),
  ];
}

/** Options that the command cannot give and that are not their defaults. */
function missingOptions({ settings: { options }, dataset: { frame, classes } }: ReportRun): string[] {
  const bounds = genomeBoundsSchema.safeParse({ frame, classes: Math.max(2, classes.length) });
  const defaults = {
    fitness: defaultFitnessTraining(1),
    final: defaultFinalTraining(1),
    bounds: bounds.data,
    timeoutSeconds: DEFAULT_TIMEOUT_SECONDS,
    retries: DEFAULT_RETRIES,
  };
  const flags = new Set(Object.values(FLAGS).map(([path]) => path));
  return flatOptions(options).flatMap(([path, value]) => {
    if (WITHOUT_EFFECT.has(path) || flags.has(path)) return [];
    if (VALUES[path] !== undefined) return isTypable(path, valueAt(options, path)) ? [] : [path];
    const known = valueAt(defaults, path);
    return known !== undefined && optionText(known) === value ? [] : [path];
  });
}

/** Whether the command takes a value that the library takes. */
function isTypable(path: string, value: unknown): boolean {
  return path !== 'final.shift' || Number(value) <= MAX_JITTER;
}

function valueAt(options: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], options);
}

/** An option with its value, as a shell takes it; one that looks like an option is joined to its own. */
function typed(option: string, value: string): string {
  return `${option}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`;
}
