import { proportionInterval } from '../../core/comparison.ts';
import { EvopatchError } from '../../core/errors.ts';
import { costOf, type Predictor, singleNetwork } from '../../ensemble/ensemble.ts';
import { samplesOf } from '../../fitness/evaluate.ts';
import { measure } from '../../nn/measure.ts';
import { subgroups } from '../../saliency/subgroups.ts';
import { formatCount, formatMillions, formatShare } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';
import { attentionMaps } from '../attention-maps.ts';
import { defineCommand } from '../command.ts';
import { loadPredictorFaces, MODEL_FACES_OPTIONS, type ModelFaces } from '../model-faces.ts';
import { describeSubgroups } from '../subgroup-table.ts';

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
    'precision, recall and F1 of each class, and the confusion matrix; with --by also on each group of people.',
  options: {
    ...MODEL_FACES_OPTIONS,
    by: {
      kind: 'text',
      placeholder: 'COLUMN',
      description:
        "Measure also each group of faces that a column of the manifest makes, such as gender or age, or 'subject'; " +
        'with the largest gap between two groups, its interval and a permutation test.',
    },
    attention: {
      kind: 'flag',
      description:
        'With --by: also the parts of the face that each group is judged by (occlusion; takes longer).',
    },
  },
  examples: [
    'evopatch evaluate --model runs/first/models/best.safetensors --data synthetic:700',
    'evopatch evaluate --model best.safetensors --data photos/ --split all --json',
    'evopatch evaluate --model best.safetensors --data people.csv --by gender --attention',
  ],
  run: async (values, context) => {
    const { by, attention } = values;
    if (attention && by === undefined) {
      const hint = "Give --by COLUMN, or use 'evopatch regions'";
      const problem = 'attention is told for groups';
      throw new EvopatchError('INVALID_OPTION', problem, { option: '--attention', hint });
    }
    const faces = await loadPredictorFaces(values, context);
    const { model, dataset, split, indices } = faces;
    const looking = async (part: Uint32Array) => {
      const single = singleNetwork(model, values.model);
      return (await attentionMaps({ dataset, model: single, indices: part }, values, context)).grid;
    };
    const groups =
      by === undefined
        ? undefined
        : await subgroups({
            network: singleNetwork(model, values.model).network,
            dataset,
            indices,
            by,
            attention: attention ? looking : undefined,
          });
    const probabilities = model.network.predict(samplesOf(dataset), indices);
    const measured = measure(probabilities, dataset.labels, indices, model.classes.length);
    const { predictions: _, samples, loss, accuracy, balancedAccuracy, confusion } = measured;
    const report = {
      model: values.model,
      dataset: { name: dataset.name, hash: dataset.hash, align: dataset.align },
      split,
      samples,
      accuracy,
      interval95: proportionInterval(accuracy, samples),
      balancedAccuracy,
      loss,
      perClass: scoresOf(confusion, model.classes),
      confusion,
      classes: model.classes,
      ...costOf(model.network),
      ...(chosenBy(model, faces) ? { chosenByTheseFaces: true } : {}),
      ...(groups && { subgroups: groups }),
    };
    const text = [describe(report), ...(groups ? [describeSubgroups(groups)] : [])].join('\n\n');
    return { json: report, text };
  },
});

/** Whether the members or weights of an ensemble come from faces that it is measured on. */
function chosenBy(
  { info }: ModelFaces<Predictor>['model'],
  { dataset, split }: Pick<ModelFaces, 'dataset' | 'split'>,
): boolean {
  return info.weightsDataset === dataset.hash && (split === info.weightsFrom || split === 'all');
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
  readonly chosenByTheseFaces?: boolean;
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
    ...(report.chosenByTheseFaces
      ? ["The ensemble's members or weights were chosen by these faces, so the figures flatter it."]
      : []),
    '',
    scores,
    '',
    confusion,
  ].join('\n');
}
