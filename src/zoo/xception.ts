import type { NetworkTarget } from '../genome/to-network-spec.ts';
import {
  add,
  blocks,
  conv2d,
  type Drafts,
  globalPool,
  normalization,
  pool,
  relu,
} from '../network/notation.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { faceNetwork, normalized, separable } from './face.ts';

const INPUT = { side: 64, levels: 'signed' } as const;
const L2 = 0.01;

/**
 * mini-Xception: O. Arriaga, M. Valdenegro-Toro, P. Plöger, "Real-time Convolutional Neural Networks for Emotion and
 * Gender Classification" (arXiv 1710.07557, 2017), section 3, as in the authors' code (face_classification,
 * src/models/cnn.py). Two convolutions of 8 filters, four residual modules of 16 to 128, one averaged map per class.
 *
 * Keras expects other names for the penalties of a separable layer than the code uses, so only the first two convolutions
 * have one.
 */
export function miniXception(target: NetworkTarget): NetworkSpec {
  return smallXception('miniXception', 8, [16, 32, 64, 128], target);
}

/** tiny-Xception: mini-Xception with base convolutions of 5 filters and half as many in each module; same source. */
export function tinyXception(target: NetworkTarget): NetworkSpec {
  return smallXception('tinyXception', 5, [8, 16, 32, 64], target);
}

/** big-Xception: two convolutions of 32 and 64 filters and two residual modules of 128 and 256; same source. */
export function bigXception(target: NetworkTarget): NetworkSpec {
  return faceNetwork('bigXception', target, INPUT, {
    base1: conv2d(32, 3, { stride: 2, padding: 'valid', bias: false }),
    ...normalized('base1'),
    base2: conv2d(64, 3, { padding: 'valid', bias: false }),
    ...normalized('base2'),
    ...residualModule('module1', 128, 'base2-norm-relu'),
    ...residualModule('module2', 256, 'module1', { activated: true }),
    ...head(target),
  });
}

function smallXception(
  name: string,
  base: number,
  modules: readonly number[],
  target: NetworkTarget,
): NetworkSpec {
  return faceNetwork(name, target, INPUT, {
    ...blocks([base, base], (filters, block) => ({
      [`base${block}`]: conv2d(filters, 3, { padding: 'valid', bias: false, l2: L2 }),
      ...normalized(`base${block}`),
    })),
    ...blocks(modules, (filters, number) =>
      residualModule(`module${number}`, filters, number === 1 ? 'base2-norm-relu' : `module${number - 1}`),
    ),
    ...head(target),
  });
}

/**
 * Builds two separable convolutions and a max-pool beside a 1×1 convolution, both halving the map, and their sum, with no
 * ReLU after it.
 *
 * @param activated whether a ReLU comes before the first separable convolution
 */
function residualModule(name: string, filters: number, input: string, { activated = false } = {}): Drafts {
  return {
    [`${name}.shortcut`]: conv2d(filters, 1, { input, stride: 2, bias: false }),
    [`${name}.shortcut-norm`]: normalization('batch'),
    ...(activated ? { [`${name}.relu`]: relu(input) } : {}),
    ...separable(`${name}.separable1`, filters, activated ? `${name}.relu` : input),
    ...normalized(`${name}.separable1`),
    ...separable(`${name}.separable2`, filters),
    [`${name}.separable2-norm`]: normalization('batch'),
    [`${name}.pool`]: pool('max-pool', 3),
    [name]: add(`${name}.pool`, `${name}.shortcut-norm`),
  };
}

function head({ classes }: NetworkTarget): Drafts {
  return { head: conv2d(classes, 3), logits: globalPool() };
}
