import { EvopatchError } from '../core/errors.ts';
import { macCount, parameterCount } from '../network/describe.ts';
import type { Engine } from '../nn/engine.ts';
import type { Model, ModelInfo } from '../nn/model-file.ts';
import type { Network } from '../nn/network.ts';
import type { Samples } from '../nn/samples.ts';
import { type Combination, combine, type MemberWeights } from './combine.ts';

/** One network of an ensemble, with what its own model file said of it. */
export interface EnsembleMember {
  readonly network: Network;
  readonly genome?: unknown;
  readonly info: ModelInfo;
}

/** Several networks that answer as one. */
export class Ensemble {
  readonly members: readonly EnsembleMember[];
  readonly combination: Combination;
  readonly weights: MemberWeights;

  constructor(members: readonly EnsembleMember[], combination: Combination, weights: MemberWeights) {
    this.members = members;
    this.combination = combination;
    this.weights = weights;
  }

  /** What runs the networks. */
  get engine(): Engine {
    return this.members[0].network.engine;
  }

  /** Class probabilities of the samples with these numbers, [index][class]. */
  predict(samples: Samples, indices: Uint32Array): Float32Array {
    const answers = this.members.map(({ network }) => network.predict(samples, indices));
    const { classes } = this.members[0].network.spec; // the samples may be of some of them alone
    return combine(answers, classes, this.combination, this.weights);
  }
}

/** What a model file may hold: a network, or several together. */
export type Predictor = Network | Ensemble;

/** The networks that a predictor consists of. */
export function networksOf(predictor: Predictor): readonly Network[] {
  return predictor instanceof Ensemble ? predictor.members.map(({ network }) => network) : [predictor];
}

/** Parameters, and multiply-accumulates of a forward pass, of all networks together. */
export function costOf(predictor: Predictor): { readonly parameters: number; readonly macs: number } {
  const specs = networksOf(predictor).map(({ spec }) => spec);
  const total = (count: (spec: Network['spec']) => number) =>
    specs.reduce((sum, spec) => sum + count(spec), 0);
  return { parameters: total(parameterCount), macs: total(macCount) };
}

/**
 * The model as one of a single network, for what can only be asked of one.
 *
 * @param file the file that it came from, for the error to name.
 * @throws EvopatchError `INVALID_MODEL` for an ensemble.
 */
export function singleNetwork<Kind extends Model<Predictor>>(model: Kind, file?: string): Kind & Model {
  const { network } = model;
  if (!(network instanceof Ensemble)) return { ...model, network };
  const hint = 'Give one of the models that it was made from';
  throw new EvopatchError('INVALID_MODEL', 'this takes a single model, not an ensemble', { file, hint });
}

/** Something to become a member, and where it came from. */
export interface NamedModel {
  readonly name: string;
  readonly model: Model;
}

/**
 * Puts models together, with equal weights unless others are given.
 *
 * @throws EvopatchError `INVALID_MODEL` where classes, frames or the alignment of the faces differ.
 */
export function ensembleOf(
  models: readonly NamedModel[],
  combination: Combination = 'mean',
  weights?: MemberWeights,
): Model<Ensemble> {
  checkAlike(models);
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

/** @throws EvopatchError `INVALID_MODEL`, `INVALID_OPTION` where there is none. */
export function checkAlike(models: readonly NamedModel[]): void {
  if (models.length === 0) {
    throw new EvopatchError('INVALID_OPTION', 'an ensemble needs at least one model', { option: 'models' });
  }
  const [{ name: firstName, model: first }] = models;
  const compared = {
    classes: (model: Model) => model.classes.join(', '),
    frame: ({ frame }: Model) => `${frame.size}, ${frame.border}, ${frame.noseX}, ${frame.noseY}`,
    alignment: ({ info }: Model) => `${info.align ?? 'similarity'}`,
  };
  for (const [what, textOf] of Object.entries(compared)) {
    for (const { name, model } of models) {
      if (textOf(model) === textOf(first)) continue;
      const hint = `Of '${firstName}' it is: ${textOf(first)}`;
      const problem = `the models of an ensemble must have the same ${what}`;
      throw new EvopatchError('INVALID_MODEL', problem, { file: name, given: textOf(model), hint });
    }
  }
}
