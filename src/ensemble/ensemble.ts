import { EvopatchError } from '../core/errors.ts';
import { macCount, parameterCount } from '../network/describe.ts';
import type { Engine } from '../nn/engine.ts';
import { describeFrame, type Model, type ModelInfo } from '../nn/model.ts';
import type { Network } from '../nn/network.ts';
import type { Samples } from '../nn/samples.ts';
import { type Combination, combine, type MemberWeights } from './combine.ts';

/** One network of an ensemble, with the information of its own model file. */
export interface EnsembleMember {
  readonly network: Network;
  readonly genome?: unknown;
  readonly info: ModelInfo;
}

/** Several networks whose answers are combined. */
export class Ensemble {
  readonly members: readonly EnsembleMember[];
  readonly combination: Combination;
  readonly weights: MemberWeights;

  constructor(members: readonly EnsembleMember[], combination: Combination, weights: MemberWeights) {
    this.members = members;
    this.combination = combination;
    this.weights = weights;
  }

  /** The engine that runs the networks. */
  get engine(): Engine {
    return this.members[0].network.engine;
  }

  /** Predicts class probabilities of the samples with these indices, [index][class]. */
  predict(samples: Samples, indices: Uint32Array): Float32Array {
    const answers = this.members.map(({ network }) => network.predict(samples, indices));
    const { classes } = this.members[0].network.spec; // the samples may have only some of them
    return combine(answers, classes, this.combination, this.weights);
  }
}

/** The content of a model file: one network, or several. */
export type Predictor = Network | Ensemble;

/** Lists the networks of a predictor. */
export function networksOf(predictor: Predictor): readonly Network[] {
  return predictor instanceof Ensemble ? predictor.members.map(({ network }) => network) : [predictor];
}

/** Adds up the parameters of all networks, and the multiply-accumulates of a forward pass. */
export function costOf(predictor: Predictor): { readonly parameters: number; readonly macs: number } {
  const specs = networksOf(predictor).map(({ spec }) => spec);
  const total = (count: (spec: Network['spec']) => number) =>
    specs.reduce((sum, spec) => sum + count(spec), 0);
  return { parameters: total(parameterCount), macs: total(macCount) };
}

/**
 * Narrows a model to one of a single network.
 *
 * @param file the file of the model, for the error
 * @throws EvopatchError `INVALID_MODEL` for an ensemble.
 */
export function singleNetwork<Kind extends Model<Predictor>>(model: Kind, file?: string): Kind & Model {
  const { network } = model;
  if (!(network instanceof Ensemble)) return { ...model, network };
  const hint = 'Give one of its member models';
  throw new EvopatchError('INVALID_MODEL', 'this takes a single model, not an ensemble', { file, hint });
}

/** A model with its name, usually its file. */
export interface NamedModel {
  readonly name: string;
  readonly model: Model;
}

/**
 * Combines models into an ensemble, with equal weights by default.
 *
 * @throws EvopatchError `INVALID_MODEL` if classes, frames or the alignment of the faces differ.
 */
export function ensembleOf(
  models: readonly NamedModel[],
  combination: Combination = 'mean',
  weights?: MemberWeights,
): Model<Ensemble> {
  checkCompatible(models);
  const { classes, frame, info } = models[0].model;
  const equal = models.map(() => classes.map(() => 1 / models.length));
  const members = models.map(({ model: { network, genome, info: own } }) => ({ network, genome, info: own }));
  return {
    network: new Ensemble(members, combination, weights ?? equal),
    classes,
    frame,
    info: info.align === undefined ? {} : { align: info.align },
  };
}

/** @throws EvopatchError `INVALID_MODEL` if the models differ, `INVALID_OPTION` without models. */
export function checkCompatible(models: readonly NamedModel[]): void {
  if (models.length === 0) {
    throw new EvopatchError('INVALID_OPTION', 'an ensemble needs at least one model', { option: 'models' });
  }
  const [{ name: firstName, model: first }] = models;
  const compared = {
    classes: (model: Model) => model.classes.join(', '),
    frame: ({ frame }: Model) => describeFrame(frame),
    alignment: ({ info }: Model) => `${info.align ?? 'similarity'}`,
  };
  for (const [what, textOf] of Object.entries(compared)) {
    for (const { name, model } of models) {
      if (textOf(model) === textOf(first)) continue;
      const hint = `'${firstName}' has: ${textOf(first)}`;
      const problem = `the models of an ensemble must have the same ${what}`;
      throw new EvopatchError('INVALID_MODEL', problem, { file: name, given: textOf(model), hint });
    }
  }
}
