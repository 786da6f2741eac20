import * as z from 'zod';
import { type Interval, proportionInterval } from '../core/comparison.ts';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { type Dataset, indicesOf } from '../data/dataset.ts';
import { withClassesOf } from '../data/match-classes.ts';
import { stratifiedSplit } from '../data/splits.ts';
import { samplesOf } from '../fitness/evaluate.ts';
import { parameterCount } from '../network/describe.ts';
import { measure } from '../nn/measure.ts';
import type { Model, ModelInfo } from '../nn/model.ts';
import { combine } from './combine.ts';
import { checkCompatible, type Ensemble, ensembleOf, type NamedModel } from './ensemble.ts';
import {
  ENSEMBLE_METHODS,
  type EnsembleMethod,
  type EnsembleRecipe,
  type FittedEnsemble,
  fitEnsemble,
  learnsFromData,
} from './fit-ensemble.ts';
import { SELECTION_GOALS, type SelectionGoal } from './select.ts';
import { type Answers, RELIABILITIES, type Reliability } from './weigh.ts';

export interface EnsembleOptions {
  /** Models that were trained only on the training rows. */
  readonly models: readonly NamedModel[];
  /** The data set whose validation rows choose and weigh the models. The models must know its classes. */
  readonly dataset: Dataset;
  /** @defaultValue 'averaging' */
  readonly method?: EnsembleMethod;
  /** The reliability that 'confidence' weighs by. @defaultValue 'recall' */
  readonly reliability?: Reliability;
  /** Added to hits and misses of each class by 'confidence', above 0. @defaultValue 1 */
  readonly smoothing?: number;
  /** Power of the accuracy that 'accuracy' weighs by, 1 to 100. @defaultValue 1 */
  readonly sharpness?: number;
  /** Selects members by greedy forward selection with this goal. Without it all models are members. */
  readonly select?: SelectionGoal;
  /** Maximum members of a selection, where a model counts each time it is selected. @defaultValue 30 */
  readonly maximumMembers?: number;
  /** Maximum parameters of a selection. @defaultValue no limit */
  readonly maximumParameters?: number;
}

/** Accuracy and loss on validation rows that had no part in the selection and the weights. */
export interface CrossFitted {
  readonly accuracy: number;
  readonly interval95: Interval;
  /** Mean negative log-likelihood, nats. */
  readonly loss: number;
}

export interface BuiltMember {
  readonly name: string;
  readonly parameters: number;
  /** Mean of its weight over the classes. */
  readonly weight: number;
  /** Accuracy on all validation rows. */
  readonly accuracy: number;
}

export interface BuiltEnsemble {
  readonly model: Model<Ensemble>;
  readonly members: readonly BuiltMember[];
  /** Number of validation rows. */
  readonly samples: number;
  /** The same recipe, fitted to each half of the validation rows and measured on the other half. */
  readonly crossFitted: CrossFitted;
  /** The best single model, chosen by its accuracy and measured in the same way. */
  readonly bestMember: CrossFitted;
}

const whole = z.int().min(1);
const optionsSchema = z.object({
  method: z.enum(ENSEMBLE_METHODS).default('averaging'),
  reliability: z.enum(RELIABILITIES).default('recall'),
  smoothing: z.number().positive().default(1),
  sharpness: whole.max(100).default(1),
  select: z.enum(SELECTION_GOALS).optional(),
  maximumMembers: whole.max(1000).default(30),
  maximumParameters: whole.optional(),
});

/**
 * Makes an ensemble of trained models. Only the validation rows decide its members and weights, so they cannot measure it without
 * bias: the function divides them, stratified and by subject, fits the recipe to each half and measures it on the other. The
 * returned ensemble is fitted to all of them.
 *
 * @throws EvopatchError `INVALID_OPTION`; `INVALID_DATA` without validation rows or if the models do not know a class;
 * `INVALID_MODEL` if the models are not compatible.
 */
export function buildEnsemble(options: EnsembleOptions): BuiltEnsemble {
  const recipe = recipeOf(options);
  const { models } = options;
  checkCompatible(models);
  const [{ name, model }] = models;
  const dataset = withClassesOf(options.dataset, model.classes, name);
  const validation = requireValidationRows(dataset);
  const samples = samplesOf(dataset);
  const parameters = models.map(({ model }) => parameterCount(model.network.spec));
  const all: Answers = {
    probabilities: models.map(({ model }) => model.network.predict(samples, validation)),
    labels: Uint8Array.from(validation, (sample) => dataset.labels[sample]),
    classes: samples.classes,
  };
  const fitTo = (answers: Answers): FittedEnsemble => {
    const fitted = fitEnsemble(answers, parameters, recipe);
    if (fitted.members.length > 0) return fitted;
    const data = { option: 'maximumParameters', given: options.maximumParameters };
    throw new EvopatchError('INVALID_OPTION', 'no model is within the limit', data);
  };
  const fitted = fitTo(all);
  const indices = new Map(Array.from(validation, (sample, index) => [sample, index]));
  const halves = stratifiedSplit(dataset, validation, 0.5, 'ensemble');
  const [first, second] = [halves.first, halves.second].map((half) =>
    Array.from(half, (sample) => indices.get(sample) as number),
  );
  if (first.length === 0 || second.length === 0) {
    const problem = 'the validation rows cannot be divided, because they are all of one person';
    throw new EvopatchError('INVALID_DATA', problem, { given: dataset.name });
  }
  const folds: Fold[] = [
    [first, second],
    [second, first],
  ];
  const chosen = fitted.members.map((model) => models[model]);
  const together = ensembleOf(chosen, fitted.combination, fitted.weights);
  const learned: ModelInfo = learnsFromData(recipe)
    ? { weightsFrom: 'validation', weightsDataset: dataset.hash }
    : {};
  return {
    model: { ...together, info: { ...together.info, method: recipe.method, ...learned } },
    members: fitted.members.map((model, index) => ({
      name: models[model].name,
      parameters: parameters[model],
      weight: fitted.weights[index].reduce((a, b) => a + b, 0) / samples.classes,
      accuracy: accuracyOf(all, model),
    })),
    samples: validation.length,
    crossFitted: crossFit(all, folds, fitTo),
    bestMember: crossFit(all, folds, chooseBest),
  };
}

/** Indices of the rows to fit to, and of those to measure on. */
type Fold = readonly [fit: readonly number[], measured: readonly number[]];

function recipeOf({ models: _, dataset: __, ...given }: EnsembleOptions): EnsembleRecipe {
  const parsed = parse(optionsSchema, given, 'INVALID_OPTION');
  const { select, maximumMembers, maximumParameters = Number.POSITIVE_INFINITY, ...rest } = parsed;
  if (select === undefined) return rest;
  return { ...rest, selection: { goal: select, maximumMembers, maximumParameters } };
}

function requireValidationRows(dataset: Dataset): Uint32Array {
  const rows = indicesOf(dataset, 'validation');
  if (rows.length >= 2) return rows;
  const hint =
    'Validation rows decide the weights; training rows flatter, and test rows are only for the final measurement';
  const problem = `an ensemble needs 2 or more validation faces, and '${dataset.name}' has ${rows.length}`;
  throw new EvopatchError('INVALID_DATA', problem, { hint });
}

function crossFit(
  all: Answers,
  folds: readonly Fold[],
  fitTo: (answers: Answers) => FittedEnsemble,
): CrossFitted {
  let right = 0;
  let loss = 0;
  let count = 0;
  for (const [fitted, measured] of folds) {
    const { members, combination, weights } = fitTo(rowsOf(all, fitted));
    const { probabilities, labels, classes } = rowsOf(all, measured);
    const chosen = members.map((model) => probabilities[model]);
    const found = measureRows(combine(chosen, classes, combination, weights), labels, classes);
    right += found.accuracy * labels.length;
    loss += found.loss * labels.length;
    count += labels.length;
  }
  const accuracy = Math.round(right) / count;
  return { accuracy, interval95: proportionInterval(accuracy, count), loss: loss / count };
}

function measureRows(probabilities: Float32Array, labels: Uint8Array, classes: number) {
  return measure(probabilities, labels, Uint32Array.from(labels.keys()), classes);
}

function accuracyOf({ probabilities, labels, classes }: Answers, model: number): number {
  return measureRows(probabilities[model], labels, classes).accuracy;
}

/** Chooses the single model with the highest accuracy, the first of equal ones. */
function chooseBest(answers: Answers): FittedEnsemble {
  const accuracies = answers.probabilities.map((_, model) => accuracyOf(answers, model));
  const best = accuracies.indexOf(Math.max(...accuracies));
  return { members: [best], combination: 'mean', weights: [new Array<number>(answers.classes).fill(1)] };
}

function rowsOf({ probabilities, labels, classes }: Answers, rows: readonly number[]): Answers {
  return {
    probabilities: probabilities.map((values) => {
      const part = new Float32Array(rows.length * classes);
      for (const [i, row] of rows.entries()) {
        part.set(values.subarray(row * classes, (row + 1) * classes), i * classes);
      }
      return part;
    }),
    labels: Uint8Array.from(rows, (row) => labels[row]),
    classes,
  };
}
