import { type Interval, independentDifference, proportionInterval } from '../core/comparison.ts';
import { randomStream } from '../core/random.ts';
import type { Dataset } from '../data/dataset.ts';
import { groupsBy } from '../data/groups.ts';
import type { FaceRegions } from '../landmarks/face-regions.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';
import { measure } from '../nn/measure.ts';
import { type AskedFaces, samplesFor } from './hidden-pixels.ts';
import { type RegionShare, regionShares } from './region-shares.ts';

export interface SubgroupOptions extends AskedFaces {
  readonly dataset: Dataset;
  /** A column of the data, or `subject`. */
  readonly by: string;
  /** Maps what the network looks at on some faces, for instance by occlusion; without it groups have no `attention`. */
  readonly attention?: (indices: Uint32Array) => FaceGrid | Promise<FaceGrid>;
  /** @defaultValue those of the mean face */
  readonly regions?: FaceRegions;
}

/** Scores a network on the faces of one group. */
export interface Subgroup {
  readonly name: string;
  readonly samples: number;
  readonly accuracy: number;
  /** Wilson's interval, as if every face were of another person. */
  readonly interval95: Interval;
  /** Mean recall over the classes that occur, since the mix of classes differs between groups. */
  readonly balancedAccuracy: number;
  /** Mean negative log-likelihood, nats. */
  readonly loss: number;
  /** Whether there are fewer than `FEW_SAMPLES` faces; the gap leaves such a group out. */
  readonly few: boolean;
  /** Parts of the face that the network looks at; `null` if the map is empty. */
  readonly attention?: readonly RegionShare[] | null;
}

/** The maximum difference of accuracy between two groups. */
export interface SubgroupGap {
  readonly best: string;
  readonly worst: string;
  /** Accuracy of the best group minus that of the worst, 0 to 1. */
  readonly estimate: number;
  readonly interval95: Interval;
  /**
   * How often the maximum gap is at least this wide when the groups are shuffled among the faces of each class
   * (permutation test, 999 shuffles): small if neither chance nor the mix of classes explains the gap. The test accounts
   * for the selection of the two groups; the interval above does not.
   */
  readonly pValue: number;
}

export interface Subgroups {
  readonly by: string;
  readonly groups: readonly Subgroup[];
  /** `null` if fewer than two groups have enough faces. */
  readonly gap: SubgroupGap | null;
  /** Sentences that warn about the limits of the numbers. */
  readonly warnings: readonly string[];
}

export const FEW_SAMPLES = 30;
const PERMUTATIONS = 999;

/**
 * Measures whether a network works equally well for everybody: accuracy, loss and, on request, attention on each group of
 * faces.
 *
 * @throws EvopatchError `INVALID_OPTION` if the data have no such column, `INVALID_DATA` if faces and network do not fit.
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

/** Computes the share of the 999 shuffles and the original in which the maximum gap is at least as wide. */
function permutationTest(answers: readonly GroupedAnswer[], count: number, found: number): number {
  const random = randomStream('subgroups', 'permutation');
  const ofClasses = [...new Set(answers.map(({ label }) => label))].map((label) => {
    const own = answers.filter((answer) => answer.label === label);
    return { groups: own.map(({ group }) => group), right: own.map(({ right }) => right) };
  });
  const sizes = new Uint32Array(count);
  for (const { group } of answers) sizes[group]++;
  let asWide = 1;
  for (let shuffle = 0; shuffle < PERMUTATIONS; shuffle++) {
    const right = new Uint32Array(count);
    for (const own of ofClasses) {
      for (const [i, group] of random.shuffle(own.groups).entries()) if (own.right[i]) right[group]++;
    }
    let [maximum, minimum] = [0, 1];
    for (let group = 0; group < count; group++) {
      if (sizes[group] === 0) continue;
      maximum = Math.max(maximum, right[group] / sizes[group]);
      minimum = Math.min(minimum, right[group] / sizes[group]);
    }
    if (maximum - minimum >= found - 1e-12) asWide++;
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
