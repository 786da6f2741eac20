import type { NetworkTarget } from '../genome/to-network-spec.ts';
import { blocks, conv2d, normalization, relu } from '../network/notation.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { faceNetwork } from './face.ts';

/**
 * The network of Agrawal & Mittal, "Using CNN for facial expression recognition: a study of the effects of kernel size
 * and number of filters on accuracy" (The Visual Computer 36, 405–412, 2020), as drawn by Bokanyi & Meszegeto (slides of
 * the course VITMAV45, BME), who rebuilt it: convolutions of 8×8 that halve the map six times, down to one position, and
 * continue there; no dense layers; a ReLU before the softmax. The scale of its grey levels is unknown; here they are
 * normalised.
 */
export function agrawalMittal(target: NetworkTarget): NetworkSpec {
  return faceNetwork(
    'agrawalMittal',
    target,
    { side: 64 },
    {
      ...blocks([32, 32, 32, 16, 16, 16, 8], (filters, block) => ({
        [`block${block}.conv1`]: conv2d(filters, 8),
        [`block${block}.conv1-norm`]: normalization('batch'),
        [`block${block}.conv2`]: conv2d(filters, 8, { stride: 2 }),
        [`block${block}.conv2-relu`]: relu(),
      })),
      conv15: conv2d(8, 8),
      'conv15-norm': normalization('batch'),
      head: conv2d(target.classes, 7),
      logits: relu(),
    },
  );
}
