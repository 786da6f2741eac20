import type { NetworkTarget } from '../genome/to-network-spec.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { NetworkWriter } from './network-writer.ts';

const INPUT = { side: 64, levels: 'signed' } as const;
const L2 = 0.01;

/**
 * mini-Xception: O. Arriaga, M. Valdenegro-Toro, P. Plöger, "Real-time Convolutional Neural Networks for Emotion and
 * Gender Classification" (arXiv 1710.07557, 2017), section 3, as in the authors' code (face_classification,
 * src/models/cnn.py). Two convolutions of 8 filters, four residual modules of 16 to 128, one map a class, averaged.
 *
 * Keras takes the penalties of a separable layer by other names than the code gives them, so only the first two
 * convolutions have one.
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
  const writer = new NetworkWriter(target, INPUT);
  for (const [i, { filters, stride }] of [
    { filters: 32, stride: 2 },
    { filters: 64, stride: 1 },
  ].entries()) {
    writer.conv(`base${i + 1}`, filters, 3, { stride, padding: 'valid', bias: false });
    writer.norm();
    writer.relu();
  }
  residualModule(writer, 'module1', 'base2-norm-relu', 128);
  residualModule(writer, 'module2', 'module1', 256, { activated: true });
  return withHead(writer, target).network('bigXception');
}

function smallXception(
  name: string,
  base: number,
  modules: readonly number[],
  target: NetworkTarget,
): NetworkSpec {
  const writer = new NetworkWriter(target, INPUT);
  let last = '';
  for (const conv of ['base1', 'base2']) {
    writer.conv(conv, base, 3, { padding: 'valid', bias: false, l2: L2 });
    writer.norm();
    last = writer.relu();
  }
  for (const [i, filters] of modules.entries()) {
    last = residualModule(writer, `module${i + 1}`, last, filters);
  }
  return withHead(writer, target).network(name);
}

/**
 * Two separable convolutions and a max-pool beside a 1×1 convolution, both halving the map, summed; no ReLU behind the
 * sum. `activated`: a ReLU before the first separable convolution.
 */
function residualModule(
  writer: NetworkWriter,
  name: string,
  input: string,
  filters: number,
  { activated = false } = {},
): string {
  writer.conv(`${name}.shortcut`, filters, 1, { input, stride: 2, bias: false });
  const shortcut = writer.norm();
  const source = activated ? writer.relu(`${name}.relu`, input) : input;
  writer.separable(`${name}.separable1`, filters, source);
  writer.norm();
  writer.relu();
  writer.separable(`${name}.separable2`, filters);
  writer.norm();
  const pooled = writer.pool(`${name}.pool`, 'max-pool', 3);
  return writer.add(name, pooled, shortcut);
}

function withHead(writer: NetworkWriter, { classes }: NetworkTarget): NetworkWriter {
  writer.conv('head', classes, 3);
  writer.globalAveragePool('logits');
  return writer;
}
