// The networks of the comparison, as plain specs that every peer builds.
import { randomStream } from '../../dist/core/random.js';
import {
  blocks,
  concatenate,
  conv2d,
  crop,
  dense,
  flatten,
  normalization,
  pool,
  relu,
  writeNetwork,
} from '../../dist/network/notation.js';

const FRAME = { size: 64, border: 8 };
const CLASSES = 7;

/** Sets by name: candidates that differ in patches and filters, and such that differ in the places of their patches alone. */
export const SETS = {
  different: (count) => Array.from({ length: count }, (_, i) => candidate(`different ${i}`, shapeOf(i), i)),
  equal: (count) => Array.from({ length: count }, (_, i) => candidate(`equal ${i}`, shapeOf(0), i)),
};

/** Draws patches of 10 to 20 pixels a side, filters and dense units, as a search proposes them. */
function shapeOf(number) {
  const random = randomStream('population', 'shape', number);
  const inSteps = (step, from, to) => step * random.integer(from / step, to / step);
  const side = () => inSteps(2, 10, 20);
  return {
    patches: Array.from({ length: random.integer(2, 5) }, () => ({ width: side(), height: side() })),
    filters: [inSteps(4, 8, 24), inSteps(4, 16, 32), inSteps(4, 24, 48)],
    units: inSteps(8, 24, 64),
  };
}

function candidate(name, { patches, filters, units }, number) {
  const random = randomStream('population', 'places', number);
  const end = FRAME.size - FRAME.border;
  const placed = patches.map(({ width, height }) => ({
    width,
    height,
    x: random.integer(FRAME.border, end - width),
    y: random.integer(FRAME.border, end - height),
  }));
  return writeNetwork(name, FRAME.size, CLASSES, {
    ...blocks(placed, (patch, index) => branch(`patch${index}`, patch, filters)),
    features: concatenate(...placed.map((_, index) => `patch${index + 1}.flatten`)),
    dense: dense(units),
    'dense.relu': relu(),
    logits: dense(CLASSES),
  });
}

function branch(name, { width, height, x, y }, filters) {
  return {
    [name]: crop(width, height, { x, y }),
    ...blocks(filters, (count, block) => ({
      [`${name}.conv${block}`]: conv2d(count, 3, { bias: false }),
      [`${name}.norm${block}`]: normalization('block'),
      [`${name}.relu${block}`]: relu(),
      [`${name}.pool${block}`]: pool('max-pool', 2),
    })),
    [`${name}.flatten`]: flatten(),
  };
}
