import { hypervolume } from '../../dist/search/hypervolume.js';

/**
 * The hypervolume of a search after each training that changed it: the share of the box below the reference point that the
 * genomes trained to the top dominate. The last point ends the curve where the budget did.
 *
 * @param {PeerTraining[]} trainings
 */
export function curveOf(trainings) {
  const points = [];
  const top = [];
  let value = 0;
  for (const { samples, isTop, shares } of trainings) {
    if (!isTop) continue;
    top.push(shares);
    const next = hypervolume(
      top,
      shares.map(() => 1),
    );
    if (next > value) points.push({ samplesSeen: samples, hypervolume: next });
    value = next;
  }
  const samplesSeen = trainings.at(-1)?.samples ?? 0;
  return [...points, { samplesSeen, hypervolume: value }];
}
