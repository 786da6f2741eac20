import { join } from 'node:path';
import type { TrainingBudget } from '../../evolution/budgets.ts';
import { evolvePatches } from '../../evolution/evolve-patches.ts';
import type { EvolutionReport } from '../../evolution/result.ts';
import { compareNetworks, formatComparison } from '../../summary/compare-networks.ts';
import { ProgressLine } from '../../summary/progress-line.ts';
import { DATA_OPTIONS, defineCommand, ENGINE_OPTION } from '../command.ts';
import { loadData } from '../load-data.ts';

export const evolveCommand = defineCommand({
  name: 'evolve',
  summary: 'Search for the few patches that tell expressions apart',
  description:
    'Evolves face patches and the small networks that read them, and compares the best with a full-face network of ' +
    'about two million parameters, trained alike. The folder then holds result.json, models/best.safetensors, ' +
    'maps/best.png and history.jsonl. Interrupted with Ctrl-C it saves the best genome so far.',
  options: {
    ...DATA_OPTIONS,
    data: { ...DATA_OPTIONS.data, required: true },
    out: {
      kind: 'text',
      placeholder: 'DIR',
      description: 'A new or empty folder for the files of the run.',
      required: true,
    },
    population: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 4,
      maximum: 100_000,
      description: 'Genomes in a generation',
      default: '32',
    },
    generations: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Generations, the random first one included',
      default: '20',
    },
    seed: {
      kind: 'text',
      placeholder: 'TEXT',
      description: 'Seed of everything random; equal seeds give equal results.',
      default: 'evopatch',
    },
    workers: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 0,
      maximum: 1024,
      description: 'Threads that search for landmarks and train; the result does not depend on it',
      default: 'one for each core',
    },
    engine: ENGINE_OPTION,
    'fitness-samples': {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Most faces that a candidate is trained on during the search',
      default: 'depends on the data',
    },
    'fitness-epochs': {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      maximum: 10_000,
      description: 'Passes over them',
      default: 'depends on the data',
    },
    'final-samples': {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Most faces that finalists, baseline and control are trained on',
      default: 'all',
    },
    'final-epochs': {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      maximum: 10_000,
      description: 'Passes over them',
      default: 'depends on the data',
    },
    jitter: {
      kind: 'integer',
      placeholder: 'PIXELS',
      minimum: 0,
      maximum: 8,
      description: 'Largest random shift of the nose while finalists, baseline and control are trained',
      default: '1',
    },
    finalists: {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Most genomes of the last front that are trained in full',
      default: '5',
    },
    'max-patches': {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      maximum: 32,
      description: 'Most patches of a genome; a mirrored pair counts once',
      default: '6',
    },
    'max-parameters': {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Most parameters of a network',
      default: '97000',
    },
    'max-macs': {
      kind: 'integer',
      placeholder: 'N',
      minimum: 1,
      description: 'Most multiply-accumulates of a forward pass',
      default: '6000000',
    },
    margin: {
      kind: 'number',
      placeholder: 'SHARE',
      minimum: 0,
      maximum: 1,
      description: 'Loss of accuracy against the baseline that does not matter',
      default: '0.02',
    },
    'no-baseline': { kind: 'flag', description: 'Leave the full-face baseline out.' },
    'no-control': { kind: 'flag', description: 'Leave the whole face at the evolved budget out.' },
  },
  examples: [
    'evopatch evolve --data synthetic:700 --population 8 --generations 4 --out runs/first',
    'evopatch evolve --data fer2013.csv.gz --align similarity --seed first --out runs/fer2013',
    'evopatch evolve --data photos/ --on-bad-image skip --max-parameters 20000 --out runs/small --json',
  ],
  run: async (values, context) => {
    const dataset = await loadData(values, context);
    const progress = new ProgressLine(context.progress);
    const result = await evolvePatches({
      dataset,
      population: values.population,
      generations: values.generations,
      seed: values.seed,
      workers: values.workers,
      engine: values.engine,
      runFolder: values.out,
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
      baseline: !values['no-baseline'],
      control: !values['no-control'],
      signal: context.signal,
      onEvent: progress.show,
    }).finally(progress.end);
    const networks = await compareNetworks(result);
    return {
      interrupted: result.status === 'aborted',
      json: { ...result, folder: values.out, networks },
      text: [
        ...(result.status === 'aborted' ? ['Interrupted: this is the best so far.', ''] : []),
        formatComparison(networks, result),
        '',
        `best genome: ${result.best.summary}`,
        ...filesOf(result, values.out),
      ].join('\n'),
    };
  },
});

function budget(samples: number | undefined, epochs: number | undefined): Partial<TrainingBudget> {
  return { ...(samples === undefined ? {} : { samples }), ...(epochs === undefined ? {} : { epochs }) };
}

function filesOf({ best }: EvolutionReport, folder: string): string[] {
  return [
    `picture:     ${join(folder, 'maps', 'best.png')}`,
    ...(best.model === null ? [] : [`model:       ${join(folder, best.model)}`]),
    `result:      ${join(folder, 'result.json')}`,
  ];
}
