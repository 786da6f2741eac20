import { type Interval, independentDifference, proportionInterval } from '../core/comparison.ts';
import { randomStream } from '../core/random.ts';
import type { Dataset } from '../data/dataset.ts';
import { groupsBy } from '../data/groups.ts';
import type { FaceGrid } from '../landmarks/face-grid.ts';
import type { FaceRegions } from '../landmarks/face-regions.ts';
import { measure } from '../nn/measure.ts';
import { type AskedFaces, samplesFor } from './hidden-pixels.ts';
import { type RegionShare, regionShares } from './region-shares.ts';

export interface SubgroupOptions extends AskedFaces {
  readonly dataset: Dataset;
  /** A column of the data, or `subject`. */
  readonly by: string;
  /** A map of what the network looks at in some faces, as an occlusion map; without it no attention is told. */
  readonly attention?: (indices: Uint32Array) => FaceGrid | Promise<FaceGrid>;
  /** Those of the mean face where left out. */
  readonly regions?: FaceRegions;
}

/** How a network does on the faces of one group. */
export interface Subgroup {
  readonly name: string;
  readonly samples: number;
  readonly accuracy: number;
  /** Wilson's; it takes every face for a person of its own. */
  readonly interval95: Interval;
  /** Mean over the classes that occur of the share of right answers: the mix of classes differs from group to group. */
  readonly balancedAccuracy: number;
  /** Mean negative log-likelihood, nats. */
  readonly loss: number;
  /** Whether there are fewer than `FEW_SAMPLES` faces: such a group says little and takes no part in the gap. */
  readonly few: boolean;
  /** On which parts of the face it looks; `null` where the map is empty. */
  readonly attention?: readonly RegionShare[] | null;
}

/** The largest difference of accuracy between two groups. */
export interface SubgroupGap {
  readonly best: string;
  readonly worst: string;
  /** Accuracy of the best group − that of the worst, 0 to 1. */
  readonly estimate: number;
  readonly interval95: Interval;
  /**
   * How often the largest gap is as wide as this when the groups are dealt out anew among the faces of each class
   * (permutation test, 999 times): small where neither chance nor the mix of classes explains it. That the two groups
   * were picked for their gap is accounted for; the interval above is not corrected for it.
   */
  readonly pValue: number;
}

export interface Subgroups {
  readonly by: string;
  readonly groups: readonly Subgroup[];
  /** `null` where fewer than two groups have faces enough. */
  readonly gap: SubgroupGap | null;
  /** What to know before one concludes anything, as sentences. */
  readonly warnings: readonly string[];
}

export const FEW_SAMPLES = 30;
const PERMUTATIONS = 999;

/**
 * Whether a network does as well for everybody: accuracy, loss and, on request, attention on each group of faces.
 *
 * @throws EvopatchError `INVALID_OPTION` where the data have no such column, `INVALID_DATA` where faces and network do
 * not fit.
 */
export async function subgroups(options: SubgroupOptions): Promise<Subgroups> {
  const { network, dataset, indices, by, attention, regions } = options;
  const samples = samplesFor(options);
  const { labels, classes } = samples;
  const found = groupsBy(dataset, by, indices);
  const groups: Subgroup[] = [];
  const members: GroupedAnswer[] = [];
  for (const [group, { name, indices: part }] of found.entries()) {
    const measured = measure(network.predict(samples, part), labels, part, classes);
    const few = part.length < FEW_SAMPLES;
    for (const [i, sample] of part.entries()) {
      const label = labels[sample];
      if (!few) members.push({ group, label, right: measured.predictions[i] === label });
    }
    groups.push({
      name,
      samples: part.length,
      accuracy: measured.accuracy,
      interval95: proportionInterval(measured.accuracy, part.length),
      balancedAccuracy: measured.balancedAccuracy,
      loss: measured.loss,
      few,
      ...(attention && { attention: regionShares(await attention(part), regions) }),
    });
  }
  return { by, groups, gap: gapOf(groups, members), warnings: warningsFor(groups, by, dataset) };
}

interface GroupedAnswer {
  readonly group: number;
  readonly label: number;
  readonly right: boolean;
}

function gapOf(groups: readonly Subgroup[], answers: readonly GroupedAnswer[]): SubgroupGap | null {
  const sorted = groups.filter(({ few }) => !few).sort((a, b) => b.accuracy - a.accuracy);
  if (sorted.length < 2) return null;
  const [best, worst] = [sorted[0], sorted[sorted.length - 1]];
  const estimate = best.accuracy - worst.accuracy;
  return {
    best: best.name,
    worst: worst.name,
    estimate,
    interval95: independentDifference(best.accuracy, best.samples, worst.accuracy, worst.samples),
    pValue: permutationTest(answers, groups.length, estimate),
  };
}

/** How often, of 999 deals and the one that was found, the largest gap is at least as wide. */
function permutationTest(answers: readonly GroupedAnswer[], count: number, found: number): number {
  const random = randomStream('subgroups', 'permutation');
  const ofClasses = [...new Set(answers.map(({ label }) => label))].map((label) => {
    const own = answers.filter((answer) => answer.label === label);
    return { groups: own.map(({ group }) => group), right: own.map(({ right }) => right) };
  });
  const sizes = new Uint32Array(count);
  for (const { group } of answers) sizes[group]++;
  let asWide = 1;
  for (let deal = 0; deal < PERMUTATIONS; deal++) {
    const right = new Uint32Array(count);
    for (const own of ofClasses) {
      for (const [i, group] of random.shuffle(own.groups).entries()) if (own.right[i]) right[group]++;
    }
    let [most, least] = [0, 1];
    for (let group = 0; group < count; group++) {
      if (sizes[group] === 0) continue;
      most = Math.max(most, right[group] / sizes[group]);
      least = Math.min(least, right[group] / sizes[group]);
    }
    if (most - least >= found - 1e-12) asWide++;
  }
  return asWide / (PERMUTATIONS + 1);
}

function warningsFor(groups: readonly Subgroup[], by: string, { subjects }: Dataset): string[] {
  const few = groups.filter((group) => group.few).map(({ name }) => name);
  return [
    ...(few.length > 0
      ? [`fewer than ${FEW_SAMPLES} faces, too few to conclude from: ${shortList(few)}`]
      : []),
    ...(subjects !== undefined && by !== 'subject'
      ? ['faces of one person count as independent of each other: true intervals are wider']
      : []),
  ];
}

const MAX_NAMES = 8;

function shortList(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return more > 0 ? `${names.slice(0, MAX_NAMES).join(', ')} and ${more} more` : names.join(', ');
}
