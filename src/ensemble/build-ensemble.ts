import { z } from 'zod';
import { type Interval, proportionInterval } from '../core/comparison.ts';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { type Dataset, indicesOf } from '../data/dataset.ts';
import { withClassesOf } from '../data/match-classes.ts';
import { stratifiedSplit } from '../data/splits.ts';
import { samplesOf } from '../fitness/evaluate.ts';
import { parameterCount } from '../network/describe.ts';
import { measure } from '../nn/measure.ts';
import type { Model, ModelInfo } from '../nn/model-file.ts';
import { combine } from './combine.ts';
import { checkAlike, type Ensemble, ensembleOf, type NamedModel } from './ensemble.ts';
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
  /** Trained on the training rows, and on no others. */
  readonly models: readonly NamedModel[];
  /** Its validation rows choose and weigh. The models know its classes. */
  readonly dataset: Dataset;
  /** @defaultValue 'averaging' */
  readonly method?: EnsembleMethod;
  /** What 'confidence' weighs by. @defaultValue 'recall' */
  readonly reliability?: Reliability;
  /** Added to hits and misses of each class by 'confidence', above 0. @defaultValue 1 */
  readonly smoothing?: number;
  /** Power of the accuracy that 'accuracy' weighs by, 1 to 100. @defaultValue 1 */
  readonly sharpness?: number;
  /** Choose the members by greedy forward selection, by this. Without it all models are members. */
  readonly select?: SelectionGoal;
  /** Most members of a selection, each counted as often as it was taken. @defaultValue 30 */
  readonly maximumMembers?: number;
  /** Most parameters of a selection. @defaultValue no limit */
  readonly maximumParameters?: number;
}

/** How well something does on the validation rows, measured on rows that had no part in choosing or weighing it. */
export interface CrossFitted {
  readonly accuracy: number;
  readonly interval95: Interval;
  /** Mean negative log-likelihood, nats. */
  readonly loss: number;
}

export interface BuiltMember {
  readonly name: string;
  readonly parameters: number;
  /** Mean over the classes of its weight. */
  readonly weight: number;
  /** On all validation rows. */
  readonly accuracy: number;
}

export interface BuiltEnsemble {
  readonly model: Model<Ensemble>;
  readonly members: readonly BuiltMember[];
  /** Validation rows. */
  readonly samples: number;
  /** The same recipe, fitted to one half of the validation rows and measured on the other, and the other way round. */
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
 * Makes an ensemble of trained models. Members and weights come from the validation rows alone. How good the ensemble is
 * those rows cannot say as well, so they are divided, stratified and by subject: the recipe is fitted to each half and
 * measured on the other. The ensemble that is given is fitted to all of them.
 *
 * @throws EvopatchError `INVALID_OPTION`; `INVALID_DATA` where there are no validation rows or the models do not know a class;
 * `INVALID_MODEL` where the models do not fit together.
 */
export function buildEnsemble(options: EnsembleOptions): BuiltEnsemble {
  const recipe = recipeOf(options);
  const { models } = options;
  checkAlike(models);
  const [{ name, model }] = models;
  const dataset = withClassesOf(options.dataset, model.classes, name);
  const validation = validationRows(dataset);
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
    throw new EvopatchError('INVALID_OPTION', 'no model is as small as that', data);
  };
  const fitted = fitTo(all);
  const places = new Map(Array.from(validation, (sample, place) => [sample, place]));
  const halves = stratifiedSplit(dataset, validation, 0.5, 'ensemble');
  const [first, second] = [halves.first, halves.second].map((half) =>
    Array.from(half, (sample) => places.get(sample) as number),
  );
  if (first.length === 0 || second.length === 0) {
    const problem = 'the validation rows cannot be divided, as they are all of one person';
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
    members: fitted.members.map((model, place) => ({
      name: models[model].name,
      parameters: parameters[model],
      weight: fitted.weights[place].reduce((a, b) => a + b, 0) / samples.classes,
      accuracy: accuracyOf(all, model),
    })),
    samples: validation.length,
    crossFitted: crossFit(all, folds, fitTo),
    bestMember: crossFit(all, folds, bestSingle),
  };
}

/** Places of the rows to fit to, and of those to measure on. */
type Fold = readonly [fit: readonly number[], measured: readonly number[]];

function recipeOf({ models: _, dataset: __, ...given }: EnsembleOptions): EnsembleRecipe {
  const { select, maximumMembers, maximumParameters, ...rest } = parse(
    optionsSchema,
    given,
    'INVALID_OPTION',
  );
  if (select === undefined) return rest;
  const most = maximumParameters ?? Number.POSITIVE_INFINITY;
  return { ...rest, selection: { goal: select, maximumMembers, maximumParameters: most } };
}

function validationRows(dataset: Dataset): Uint32Array {
  const rows = indicesOf(dataset, 'validation');
  if (rows.length >= 2) return rows;
  const hint =
    'Weights come from validation rows; training rows flatter, and test rows are for the last word';
  const problem = `the models are weighed by 2 validation faces or more, and '${dataset.name}' has ${rows.length}`;
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

/** The model that is right most often, the first of equal ones, alone. */
function bestSingle(answers: Answers): FittedEnsemble {
  const accuracies = answers.probabilities.map((_, model) => accuracyOf(answers, model));
  const best = accuracies.indexOf(Math.max(...accuracies));
  return { members: [best], combination: 'mean', weights: [new Array<number>(answers.classes).fill(1)] };
}

function rowsOf({ probabilities, labels, classes }: Answers, places: readonly number[]): Answers {
  return {
    probabilities: probabilities.map((values) => {
      const part = new Float32Array(places.length * classes);
      for (const [i, place] of places.entries()) {
        part.set(values.subarray(place * classes, (place + 1) * classes), i * classes);
      }
      return part;
    }),
    labels: Uint8Array.from(places, (place) => labels[place]),
    classes,
  };
}
