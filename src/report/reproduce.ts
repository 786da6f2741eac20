import { shellWord } from '../core/shell-word.ts';
import { evolveDefaults } from '../options/evolve-options.ts';
import { EVOLVE_TABLE } from '../options/evolve-table.ts';
import { flagWords, wordsOfOptions } from '../options/flags.ts';
import type { ReportRun } from './report-data.ts';

export interface Reproduction {
  /** The command that makes the run again, every option spelled out, since defaults may change. */
  readonly command: string;
  /** Whether it gives every option that the networks depend on. */
  readonly complete: boolean;
  /** What it cannot promise, or say, as sentences. */
  readonly caveats: readonly string[];
}

export function reproduceCommand(run: ReportRun): Reproduction {
  const { options, dataSource } = run.settings;
  const source = dataSource ?? {
    data: run.dataset.name,
    ...(run.dataset.align && { align: run.dataset.align }),
  };
  const { words, missing } = wordsOfOptions(EVOLVE_TABLE, options, evolveDefaults(run.dataset.training ?? 1));
  const loading = Object.entries(source).flatMap(([name, value]) => flagWords(name, value));
  const command = ['evopatch', 'evolve', ...loading, ...words, '--out', 'runs/again'];
  return {
    command: command.map(shellWord).join(' '),
    complete: missing.length === 0 && (run.settings.plans ?? []).length < 2,
    caveats: caveatsOf(run, missing),
  };
}

/** The commands that measure the model of a finalist on the run's validation faces and use it; `null` without its file. */
export function finalistCommands(
  { finalistModels, settings, dataset }: ReportRun,
  hash: string,
): string[] | null {
  const model = finalistModels[hash];
  if (model === undefined) return null;
  const { align: _, ...source } = settings.dataSource ?? { data: dataset.name }; // the model knows its alignment
  const loading = Object.entries(source).flatMap(([name, value]) => flagWords(name, value));
  return [
    ['evaluate', '--model', model, ...loading, '--split', 'validation'],
    ['predict', '--model', model, 'photo.jpg'],
  ].map((words) => ['evopatch', ...words].map(shellWord).join(' '));
}

function caveatsOf(run: ReportRun, missing: readonly string[]): string[] {
  const { options, dataSource, plans = [] } = run.settings;
  const isMeasured = Array.isArray(options.objectives) && options.objectives.includes('latency');
  return [
    ...(run.status === 'complete'
      ? []
      : ['The run has not ended as it was planned; the command makes the whole of it.']),
    ...(plans.length > 1
      ? [
          `The run was extended after ${plans[1].from} of its generations; the command plans all of them from the start, so later ` +
            'ones may differ.',
        ]
      : []),
    ...(dataSource === null
      ? ['A program loaded the data; --data and --align are only what the run recorded of it.']
      : []),
    ...(dataSource?.data === '-' ? ['The data came through a pipe: --data - reads standard input.'] : []),
    ...(missing.length === 0
      ? []
      : [
          `The command has no option for ${missing.join(', ')}: a program gives all options below to evolvePatches.`,
        ]),
    ...(options.maximumSeconds == null
      ? []
      : ['After how many generations --max-seconds ends the search depends on the machine.']),
    ...(options.asynchronous === true
      ? [
          'An asynchronous search depends on the order in which results arrive: only run.json and decisions.jsonl together give it ' +
            'again (evopatch resume).',
        ]
      : []),
    ...(isMeasured ? ['Latencies are measured, so another run may choose other networks.'] : []),
  ];
}
