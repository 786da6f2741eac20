import { EvopatchError } from '../../core/errors.ts';
import type { Dataset } from '../../data/dataset.ts';
import { type BuiltEnsemble, buildEnsemble, type CrossFitted } from '../../ensemble/build-ensemble.ts';
import { costOf, ensembleOf, type NamedModel, networksOf } from '../../ensemble/ensemble.ts';
import { saveEnsemble } from '../../ensemble/ensemble-file.ts';
import type { EnsembleMethod } from '../../ensemble/fit-ensemble.ts';
import type { SelectionGoal } from '../../ensemble/select.ts';
import type { Reliability } from '../../ensemble/weigh.ts';
import { trainGenomes } from '../../evolution/train-genomes.ts';
import { latencyOf } from '../../fitness/latency.ts';
import { type Engine, openEngine } from '../../nn/engine.ts';
import { readSingleModel } from '../../nn/model-file.ts';
import { readDescription } from '../../run/run-description.ts';
import { formatCount, formatInterval, formatMillions, formatShare } from '../../summary/format.ts';
import { LiveLines } from '../../summary/live-lines.ts';
import { formatTable } from '../../summary/table.ts';
import { type CommandContext, defineCommand, type OptionValues } from '../command.ts';
import { dataOfRun } from '../data/data-source.ts';
import { loadData } from '../data/load-data.ts';
import { alignOf } from '../models/model-align.ts';
import { asModelReads } from '../models/model-faces.ts';
import { ENSEMBLE_HEADINGS, ENSEMBLE_OPTIONS } from '../options/ensemble-options.ts';
import { type RunOutcome, readRun } from '../runs/run-files.ts';

type Values = OptionValues<typeof ENSEMBLE_OPTIONS>;

/** Options that only work with another one. */
const NEEDING = {
  select: ['max-members', 'max-parameters'],
  run: ['candidates', 'seeds', 'epochs'],
} as const satisfies Partial<Record<keyof Values, readonly (keyof Values)[]>>;

export const ensembleCommand = defineCommand({
  name: 'ensemble',
  summary: 'Combine several models into an ensemble',
  description:
    'Combines saved models, the genomes of a run, or both, in one file that evaluate and predict accept. Members and ' +
    'weights are fitted to the validation rows of the data; to measure the ensemble, it is fitted to each half of these ' +
    'rows and measured on the other. Without data, all models have equal weights. The models must have been trained on the ' +
    'training rows of the same data. With --run, the best genomes of its front are trained in full, as its finalists were, ' +
    "and kept in the run's folder members.",
  options: ENSEMBLE_OPTIONS,
  headings: ENSEMBLE_HEADINGS,
  examples: [
    'evopatch ensemble --model a.safetensors --model b.safetensors --out together.safetensors',
    'evopatch ensemble --model a.safetensors --model b.safetensors --data faces.csv --method confidence --out all.safetensors',
    'evopatch ensemble --run runs/first --select loss --max-parameters 1000000 --out front.safetensors',
  ],
  run: async (values, context) => {
    checkTogether(values);
    const engine = await openEngine(values.engine);
    const given = await Promise.all(
      (values.model ?? []).map(async (name) => ({ name, model: await readSingleModel(name, engine) })),
    );
    if (values.run === undefined && values.data === undefined) return await combineEqually(given, values);
    const front = values.run === undefined ? [] : (await readRun(values.run)).front;
    const dataset = await dataOf(given, values, context);
    const models = [...given, ...(await membersOf(front, dataset, engine, values, context))];
    const built = buildEnsemble({
      models,
      dataset,
      method: values.method as EnsembleMethod | undefined,
      reliability: values.reliability as Reliability | undefined,
      smoothing: values.smoothing,
      sharpness: values.sharpness,
      select: values.select as SelectionGoal | undefined,
      maximumMembers: values['max-members'],
      maximumParameters: values['max-parameters'],
    });
    await saveEnsemble(values.out, built.model);
    const { model, ...figures } = built;
    const cost = costOf(model.network);
    const latency = networksOf(model.network).reduce((sum, { spec }) => sum + latencyOf(engine, spec), 0);
    const facesPerSecond = 1000 / latency;
    const report = { ensemble: values.out, models: models.length, ...figures, ...cost, facesPerSecond };
    return { json: report, text: describe(built, report) };
  },
});

/** Checks that the options go together. @throws EvopatchError `INVALID_OPTION` where one lacks another, or no model is given. */
function checkTogether(values: Values): void {
  const { model = [], run, data, select, method = 'averaging' } = values;
  const refuse = (option: string, problem: string, hint: string) => {
    throw new EvopatchError('INVALID_OPTION', problem, { option, hint });
  };
  if (model.length === 0 && run === undefined) {
    const hint = 'Give --model FILE, several times, or --run DIR';
    throw new EvopatchError('INVALID_OPTION', 'there are no models to combine', { hint });
  }
  for (const [needed, names] of Object.entries(NEEDING)) {
    const given = names.find((name) => values[name] !== undefined);
    if (values[needed as keyof typeof NEEDING] !== undefined || given === undefined) continue;
    refuse(`--${given}`, `this option only works with --${needed}`, `Give --${needed}, or leave it out`);
  }
  if (run !== undefined || data !== undefined) return;
  const needing =
    select !== undefined ? '--select' : ['averaging', 'voting'].includes(method) ? undefined : '--method';
  const hint = 'Give --data PATH, for its validation rows';
  if (needing !== undefined) refuse(needing, 'this needs labelled faces', hint);
}

/** Combines models with equal weights, which need no data. */
async function combineEqually(models: readonly NamedModel[], values: Values) {
  const model = ensembleOf(models, values.method === 'voting' ? 'votes' : 'mean');
  await saveEnsemble(values.out, model);
  const { parameters, macs } = costOf(model.network);
  return {
    json: { ensemble: values.out, members: models.map(({ name }) => ({ name })), parameters, macs },
    text: [
      `${formatCount(models.length)} models, ${formatCount(parameters)} parameters, ` +
        `${formatMillions(macs)} multiply-accumulates per face in total`,
      `saved as ${values.out}`,
    ].join('\n'),
  };
}

/** Loads the data that the options name, or those of the run, with the classes of the models. */
async function dataOf(
  models: readonly NamedModel[],
  values: Values,
  context: CommandContext,
): Promise<Dataset> {
  const { workers } = values;
  const given = {
    data: values.data,
    points: values.points,
    align: values.align,
    faces: values.faces,
    cache: values.cache,
    classes: values.classes,
    votes: values.votes,
    encoding: values.encoding,
    'on-bad-image': values['on-bad-image'],
  };
  const source = values.run === undefined ? undefined : (await readDescription(values.run)).dataSource;
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const merged: typeof given = { ...given, ...source, ...known };
  const [first] = models;
  if (merged.align === undefined && first !== undefined) merged.align = alignOf(first.model, first.name);
  const dataset = await loadData({ ...merged, data: dataOfRun(values.data, source), workers }, context);
  if (first === undefined) return dataset;
  return asModelReads(first.model, dataset, first.name);
}

async function membersOf(
  front: RunOutcome['front'],
  dataset: Dataset,
  engine: Engine,
  values: Values,
  { signal, progress }: CommandContext,
): Promise<NamedModel[]> {
  const { run: runFolder, seeds, epochs, workers, candidates } = values;
  if (runFolder === undefined) return [];
  const genomes = front.slice(0, candidates).map(({ genome }) => genome);
  const line = new LiveLines(progress);
  try {
    return await trainGenomes({
      runFolder,
      dataset,
      genomes,
      seeds,
      epochs,
      workers,
      engine,
      signal,
      onTrained: (done, total) => line.draw([`${done} of ${total} models trained`.slice(0, line.width)]),
      onWarning: (message) => line.writeAbove(message),
    });
  } finally {
    line.clear();
  }
}

interface Report {
  readonly ensemble: string;
  readonly models: number;
  readonly parameters: number;
  readonly macs: number;
  readonly facesPerSecond: number;
}

function describe({ members, samples, crossFitted, bestMember }: BuiltEnsemble, report: Report): string {
  const table = formatTable(
    [{ title: 'member', align: 'left' }, { title: 'weight' }, { title: 'parameters' }, { title: 'accuracy' }],
    members.map(({ name, weight, parameters, accuracy }) => [
      name,
      weight.toFixed(3),
      formatCount(parameters),
      formatShare(accuracy),
    ]),
  );
  const measured = ({ accuracy, interval95 }: CrossFitted) =>
    `${formatShare(accuracy)} (95 %: ${formatInterval(interval95)})`;
  return [
    table,
    '',
    `${formatCount(members.length)} of ${formatCount(report.models)} models, ${formatCount(report.parameters)} ` +
      `parameters, ${formatMillions(report.macs)} multiply-accumulates per face in total; ` +
      `${formatCount(Math.round(report.facesPerSecond))} faces per second on one core`,
    `ensemble: accuracy ${measured(crossFitted)}`,
    `best single model: ${measured(bestMember)}`,
    `Both on ${formatCount(samples)} validation rows; each half is measured with the members and weights that were fitted to the other half.`,
    `saved as ${report.ensemble}`,
  ].join('\n');
}
