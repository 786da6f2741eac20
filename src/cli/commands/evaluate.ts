import { proportionInterval } from '../../core/comparison.ts';
import { EvopatchError } from '../../core/errors.ts';
import { type Dataset, indicesOf, SPLITS, type Split } from '../../data/dataset.ts';
import { samplesOf } from '../../fitness/evaluate.ts';
import { macCount, parameterCount } from '../../network/describe.ts';
import { openEngine } from '../../nn/engine.ts';
import { measure } from '../../nn/measure.ts';
import { type Model, readModel } from '../../nn/model-file.ts';
import { formatCount, formatMillions, formatShare } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';
import { DATA_OPTIONS, defineCommand, ENGINE_OPTION } from '../command.ts';
import { loadData } from '../load-data.ts';
import { alignOf } from '../model-align.ts';

/** How well a model does on one class. A score with nothing to divide by is 0. */
interface ClassScores {
  readonly class: string;
  /** Share of those given this class that have it. */
  readonly precision: number;
  /** Share of those that have it that were given it. */
  readonly recall: number;
  /** Harmonic mean of the two. */
  readonly f1: number;
  /** Faces that have it. */
  readonly support: number;
}

export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'Measure a saved model on labelled faces',
  description:
    'Measures a model on one split of a data set: accuracy with its 95 % interval (Wilson), balanced accuracy, ' +
    'precision, recall and F1 of each class, and the confusion matrix.',
  options: {
    model: { kind: 'text', placeholder: 'FILE', description: 'A model that evolve saved.', required: true },
    ...DATA_OPTIONS,
    data: { ...DATA_OPTIONS.data, required: true },
    align: { ...DATA_OPTIONS.align, default: "the model's" },
    split: {
      kind: 'text',
      placeholder: 'NAME',
      choices: [...SPLITS, 'all'],
      description: "The faces to measure on: 'train', 'validation', 'test' or 'all'.",
      default: 'test; where it is empty validation, then train',
    },
    engine: ENGINE_OPTION,
  },
  examples: [
    'evopatch evaluate --model runs/first/models/best.safetensors --data synthetic:700',
    'evopatch evaluate --model best.safetensors --data photos/ --split all --json',
  ],
  run: async (values, context) => {
    const model = await readModel(values.model, await openEngine(values.engine));
    const align = values.align ?? alignOf(model, values.model);
    const loaded = await loadData({ ...values, align }, context);
    const dataset = { ...loaded, labels: labelsFor(model, loaded, values.model), classes: model.classes };
    const { name, indices } = chooseSplit(dataset, values.split);
    const { spec } = model.network;
    const probabilities = model.network.predict(samplesOf(dataset), indices);
    const measured = measure(probabilities, dataset.labels, indices, spec.classes);
    const { predictions: _, samples, loss, accuracy, balancedAccuracy, confusion } = measured;
    const report = {
      model: values.model,
      dataset: { name: dataset.name, hash: dataset.hash, align: dataset.align },
      split: name,
      samples,
      accuracy,
      interval95: proportionInterval(accuracy, samples),
      balancedAccuracy,
      loss,
      perClass: scoresOf(confusion, model.classes),
      confusion,
      classes: model.classes,
      parameters: parameterCount(spec),
      macs: macCount(spec),
    };
    return { json: report, text: describe(report) };
  },
});

/**
 * The labels as numbers of the model's classes.
 *
 * @throws EvopatchError `INVALID_DATA` where the classes differ, `INVALID_MODEL` where the frames do.
 */
function labelsFor(model: Model, { classes, labels, frame, name }: Dataset, file: string): Uint8Array {
  const numbers = classes.map((one) => model.classes.indexOf(one));
  if (numbers.includes(-1) || classes.length !== model.classes.length) {
    const hint = `The model knows ${model.classes.join(', ')}`;
    const problem = `the classes of '${name}' are not those of the model`;
    throw new EvopatchError('INVALID_DATA', problem, { option: 'data', given: classes.join(', '), hint });
  }
  const same = (['size', 'border', 'noseX', 'noseY'] as const).every(
    (side) => model.frame[side] === frame[side],
  );
  if (!same) {
    const problem = 'the model reads other face frames than this release makes';
    throw new EvopatchError('INVALID_MODEL', problem, { file, given: model.frame });
  }
  return labels.map((label) => numbers[label]);
}

function chooseSplit(
  dataset: Pick<Dataset, 'name' | 'splits' | 'count'>,
  wanted: string | undefined,
): { name: string; indices: Uint32Array } {
  if (wanted === 'all')
    return { name: 'all', indices: Uint32Array.from({ length: dataset.count }, (_, i) => i) };
  const candidates = wanted === undefined ? SPLITS.toReversed() : [wanted as Split];
  for (const name of candidates) {
    const indices = indicesOf(dataset, name);
    if (indices.length > 0) return { name, indices };
  }
  const hint = "'--split all' takes all faces";
  const problem = `'${dataset.name}' has no faces in this split`;
  throw new EvopatchError('INVALID_DATA', problem, { option: 'split', given: wanted, hint });
}

function scoresOf(confusion: readonly (readonly number[])[], classes: readonly string[]): ClassScores[] {
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return classes.map((name, index) => {
    const right = confusion[index][index];
    const support = confusion[index].reduce((sum, count) => sum + count, 0);
    const given = confusion.reduce((sum, row) => sum + row[index], 0);
    return {
      class: name,
      precision: share(right, given),
      recall: share(right, support),
      f1: share(2 * right, given + support),
      support,
    };
  });
}

interface Report {
  readonly split: string;
  readonly samples: number;
  readonly accuracy: number;
  readonly interval95: readonly [number, number];
  readonly balancedAccuracy: number;
  readonly perClass: readonly ClassScores[];
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly string[];
  readonly parameters: number;
  readonly macs: number;
}

function describe(report: Report): string {
  const [low, high] = report.interval95.map(formatShare);
  const scores = formatTable(
    [
      { title: 'class', align: 'left' },
      { title: 'precision' },
      { title: 'recall' },
      { title: 'F1' },
      { title: 'faces' },
    ],
    report.perClass.map(({ class: name, precision, recall, f1, support }) => [
      name,
      ...[precision, recall, f1].map(formatShare),
      formatCount(support),
    ]),
  );
  const confusion = formatTable(
    [{ title: 'true \\ given', align: 'left' }, ...report.classes.map((name) => ({ title: name }))],
    report.confusion.map((row, index) => [report.classes[index], ...row.map(formatCount)]),
  );
  return [
    `${formatCount(report.samples)} faces (${report.split})`,
    `accuracy ${formatShare(report.accuracy)} (95 %: ${low} to ${high}), balanced ${formatShare(report.balancedAccuracy)}`,
    `${formatCount(report.parameters)} parameters, ${formatMillions(report.macs)} multiply-accumulates a face`,
    '',
    scores,
    '',
    confusion,
  ].join('\n');
}
