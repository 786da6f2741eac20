import type { LayerDescription } from '../network/describe.ts';
import { type Layout, padToLanes } from './layout.ts';

/**
 * One array of weights or state. Its name is `layer/role`; its shape is that of the model file, in reading order:
 * conv2d weights [filters][channels][height][width], depthwise [channels][height][width], dense [inputs][units].
 */
export interface Parameter {
  readonly name: string;
  readonly layer: string;
  readonly role: 'weights' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance' | 'updates';
  readonly shape: readonly number[];
  /** Inputs of one output, on which the scale of the first random weights depends; 0 for all other roles. */
  readonly fanIn: number;
  /** Whether the optimiser updates it; it does not update running statistics. */
  readonly trainable: boolean;
  /** Words from the start of one row to the next in the arena; rows of dense weights are padded to whole lanes. */
  readonly rowStride: number;
  /** Offset in the arena. */
  readonly offset: number;
}

/** Named arrays of weights and running statistics, in the shapes of the model file. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** Offsets of a network's parameters in the arena. */
export interface ParameterPlan {
  readonly parameters: readonly Parameter[];
  /** The trainable parameters lie in [start, start + words), those that decay first. */
  readonly start: number;
  readonly words: number;
  readonly decayingWords: number;
  /** Returns the offset of a parameter, its own or the one that it shares; −1 if the layer has none of this role. */
  offsetOf(layer: string, role: Parameter['role']): number;
}

interface Draft extends Omit<Parameter, 'name' | 'offset'> {
  readonly decays: boolean;
}

/** Gives every parameter its offset. Weights decay; biases and the parameters of normalisation do not. */
export function placeParameters(layers: readonly LayerDescription[], layout: Layout): ParameterPlan {
  const drafts = layers.flatMap(draftParameters);
  const place = (draft: Draft): Parameter => {
    const { decays: _decays, ...parameter } = draft;
    const rows = draft.shape.length === 0 ? 1 : draft.shape.reduce((a, b) => a * b, 1) / lastSide(draft);
    const offset = layout.reserve(rows * draft.rowStride);
    return { ...parameter, name: `${draft.layer}/${draft.role}`, offset };
  };
  const start = layout.words;
  const decaying = drafts.filter((draft) => draft.trainable && draft.decays).map(place);
  const decayingWords = layout.words - start;
  const free = drafts.filter((draft) => draft.trainable && !draft.decays).map(place);
  const words = layout.words - start;
  const state = drafts.filter((draft) => !draft.trainable).map(place);
  const parameters = [...decaying, ...free, ...state];
  const offsets = new Map(parameters.map((parameter) => [parameter.name, parameter.offset]));
  const owner = new Map(
    layers.map(({ layer }) => [layer.name, ('shares' in layer ? layer.shares : undefined) ?? layer.name]),
  );
  return {
    parameters,
    start,
    words,
    decayingWords,
    offsetOf: (layer, role) => offsets.get(`${owner.get(layer)}/${role}`) ?? -1,
  };
}

function lastSide(draft: Draft): number {
  return draft.shape.at(-1) ?? 1;
}

function draftParameters({ layer, inputs: [input] }: LayerDescription): Draft[] {
  if ('shares' in layer && layer.shares !== undefined) return [];
  const draft = (role: Parameter['role'], shape: number[], fanIn = 0): Draft => ({
    layer: layer.name,
    role,
    shape,
    fanIn,
    trainable: role !== 'mean' && role !== 'variance' && role !== 'updates',
    decays: role === 'weights',
    rowStride: layer.kind === 'dense' && role === 'weights' ? padToLanes(layer.units) : (shape.at(-1) ?? 1),
  });
  switch (layer.kind) {
    case 'conv2d': {
      const [height, width] = layer.kernel;
      const fanIn = input.channels * height * width;
      const weights = draft('weights', [layer.filters, input.channels, height, width], fanIn);
      return layer.bias ? [weights, draft('bias', [layer.filters])] : [weights];
    }
    case 'depthwise-conv2d': {
      const [height, width] = layer.kernel;
      const weights = draft('weights', [input.channels, height, width], height * width);
      return layer.bias ? [weights, draft('bias', [input.channels])] : [weights];
    }
    case 'dense': {
      const weights = draft('weights', [input.channels, layer.units], input.channels);
      return layer.bias ? [weights, draft('bias', [layer.units])] : [weights];
    }
    case 'batch-normalization': {
      const side = [input.channels];
      const state = [draft('mean', side), draft('variance', side), draft('updates', [1])];
      return [draft('gamma', side), draft('beta', side), ...state];
    }
    default:
      return [];
  }
}
