import { proportionInterval } from '../../core/comparison.ts';
import { EvopatchError } from '../../core/errors.ts';
import { costOf, type Predictor, singleNetwork } from '../../ensemble/ensemble.ts';
import { samplesOf } from '../../fitness/evaluate.ts';
import { classScores } from '../../nn/class-scores.ts';
import { measure } from '../../nn/measure.ts';
import { subgroups } from '../../saliency/subgroups.ts';
import { formatCount, formatInterval, formatMillions, formatShare } from '../../summary/format.ts';
import { describeSubgroups } from '../../summary/subgroup-table.ts';
import { formatTable } from '../../summary/table.ts';
import type { EvaluateAnswer } from '../answers.ts';
import { defineCommand } from '../command.ts';
import { attentionMaps } from '../maps/attention-maps.ts';
import {
  classesWithoutFaces,
  describeWithoutFaces,
  loadPredictorFaces,
  MODEL_FACES_OPTIONS,
  type ModelFaces,
} from '../models/model-faces.ts';

export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'Measure a saved model on labelled faces',
  description:
    'Measures a model on one split of a data set: accuracy with its 95 % interval (Wilson), balanced accuracy, ' +
    'precision, recall and F1 of each class that has faces, and the confusion matrix; with --by also on each group of ' +
    "faces. The classes of the data are matched with the model's by name: they may be a part of them, in any order, and " +
    '--classes renames others.',
  options: {
    ...MODEL_FACES_OPTIONS,
    by: {
      kind: 'text',
      placeholder: 'COLUMN',
      description:
        "Also measure each group of faces by a column of the manifest, such as gender or age, or by 'subject', and the " +
        'largest gap between two groups with its interval and a permutation test.',
    },
    attention: {
      kind: 'flag',
      description:
        'With --by: also measure which parts of the face the model uses in each group (occlusion; takes longer).',
    },
  },
  examples: [
    'evopatch evaluate --model runs/first/models/best.safetensors --data synthetic:700',
    'evopatch evaluate --model best.safetensors --data photos/ --split all --json',
    'evopatch evaluate --model best.safetensors --data photos/ --classes joy=happy,anger=angry',
    'evopatch evaluate --model best.safetensors --data people.csv --by gender --attention',
  ],
  run: async (values, context) => {
    const { by, attention } = values;
    if (attention && by === undefined) {
      const hint = "Give --by COLUMN, or use 'evopatch regions'";
      const problem = 'attention is measured for groups';
      throw new EvopatchError('INVALID_OPTION', problem, { option: '--attention', hint });
    }
    const faces = await loadPredictorFaces(values, context);
    const { model, dataset, split, indices } = faces;
    const attentionOf = async (part: Uint32Array) => {
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
            attention: attention ? attentionOf : undefined,
          });
    const probabilities = model.network.predict(samplesOf(dataset), indices);
    const measured = measure(probabilities, dataset.labels, indices, model.classes.length);
    const { predictions: _, samples, loss, accuracy, balancedAccuracy, confusion } = measured;
    const report: EvaluateAnswer = {
      model: values.model,
      dataset: { name: dataset.name, hash: dataset.hash, align: dataset.align },
      split,
      samples,
      accuracy,
      interval95: proportionInterval(accuracy, samples),
      balancedAccuracy,
      loss,
      perClass: classScores(confusion).map((scores, label) => ({ class: model.classes[label], ...scores })),
      confusion,
      classes: model.classes,
      withoutFaces: classesWithoutFaces(faces),
      ...costOf(model.network),
      ...(isFittedTo(model, faces) ? { chosenByTheseFaces: true } : {}),
      ...(groups && { subgroups: groups }),
    };
    const text = [describe(report), ...(groups ? [describeSubgroups(groups)] : [])].join('\n\n');
    return { json: report, text };
  },
});

/** Tells whether the members or weights of an ensemble were fitted to faces that it is measured on. */
function isFittedTo(
  { info }: ModelFaces<Predictor>['model'],
  { dataset, split }: Pick<ModelFaces, 'dataset' | 'split'>,
): boolean {
  return info.weightsDataset === dataset.hash && (split === info.weightsFrom || split === 'all');
}

function describe(report: EvaluateAnswer): string {
  const scores = formatTable(
    [
      { title: 'class', align: 'left' },
      { title: 'precision' },
      { title: 'recall' },
      { title: 'F1' },
      { title: 'faces' },
    ],
    report.perClass
      .filter(({ support }) => support > 0)
      .map(({ class: name, precision, recall, f1, support }) => [
        name,
        ...[precision, recall, f1].map((one) => formatShare(one)),
        formatCount(support),
      ]),
  );
  return [
    `${formatCount(report.samples)} faces (${report.split})`,
    `accuracy ${formatShare(report.accuracy)} (95 %: ${formatInterval(report.interval95)}), balanced ${formatShare(report.balancedAccuracy)}`,
    `${formatCount(report.parameters)} parameters, ${formatMillions(report.macs)} multiply-accumulates per face`,
    ...(report.chosenByTheseFaces
      ? ["The ensemble's members or weights were fitted to these faces, so the figures are too good."]
      : []),
    ...describeWithoutFaces(report.withoutFaces),
    '',
    scores,
    '',
    confusionTable(report),
  ].join('\n');
}

/** Formats a row for each class that has faces, and a column for each that has faces or was predicted. */
function confusionTable({ classes, confusion, perClass }: EvaluateAnswer): string {
  const rows = classes.flatMap((_, label) => (perClass[label].support > 0 ? [label] : []));
  const columns = classes.flatMap((_, label) => {
    return rows.some((row) => row === label || confusion[row][label] > 0) ? [label] : [];
  });
  return formatTable(
    [{ title: 'true \\ predicted', align: 'left' }, ...columns.map((label) => ({ title: classes[label] }))],
    rows.map((row) => [classes[row], ...columns.map((label) => formatCount(confusion[row][label]))]),
  );
}
