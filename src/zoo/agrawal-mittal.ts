import type { NetworkTarget } from '../genome/to-network-spec.ts';
import type { NetworkSpec } from '../network/spec.ts';
import { NetworkWriter } from './network-writer.ts';

/**
 * The network of Agrawal & Mittal, "Using CNN for facial expression recognition: a study of the effects of kernel size
 * and number of filters on accuracy" (The Visual Computer 36, 405–412, 2020), as drawn by Bokanyi & Meszegeto (slides of
 * the course VITMAV45, BME), who built it anew: convolutions of 8×8 that halve the map six times, down to one position,
 * and go on there; no dense layers; a ReLU before the softmax. How grey levels are scaled is not known; here they are
 * normalised.
 */
export function agrawalMittal(target: NetworkTarget): NetworkSpec {
  const writer = new NetworkWriter(target, { side: 64 });
  const convolve = (block: string, filters: number) => {
    writer.conv(`${block}.conv1`, filters, 8);
    writer.norm();
    writer.conv(`${block}.conv2`, filters, 8, { stride: 2 });
    writer.relu();
  };
  for (const [i, filters] of [32, 32, 32, 16, 16, 16, 8].entries()) convolve(`block${i + 1}`, filters);
  writer.conv('conv15', 8, 8);
  writer.norm();
  writer.conv('head', target.classes, 7);
  writer.relu('logits');
  return writer.network('agrawalMittal');
}
