import { hypervolume } from '../../dist/search/hypervolume.js';

/**
 * The hypervolume of a search after each training that changed it: the share of the box below the reference point that the
 * genomes trained to the top dominate. Trainings that end beyond the budget do not count; the last point is that of the last
 * one that does.
 *
 * @param {PeerTraining[]} trainings
 * @param {number} budget samples that all trainings may see
 */
export function curveOf(trainings, budget) {
  const counted = trainings.filter(({ samples }) => samples <= budget);
  const points = [];
  const top = [];
  let value = 0;
  for (const { samples, isTop, shares } of counted) {
    if (!isTop) continue;
    top.push(shares);
    const next = hypervolume(
      top,
      shares.map(() => 1),
    );
    if (next > value) points.push({ samplesSeen: samples, hypervolume: next });
    value = next;
  }
  const samplesSeen = counted.at(-1)?.samples ?? 0;
  return [...points, { samplesSeen, hypervolume: value }];
}
