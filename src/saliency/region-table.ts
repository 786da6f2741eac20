import type { FaceGrid } from '../landmarks/face-grid.ts';
import { type FaceRegions, faceRegions } from '../landmarks/face-regions.ts';
import { checkHumanFindings, type FindingCheck } from './human-findings.ts';
import type { Occlusion } from './occlusion.ts';
import { type RegionShare, regionShares } from './region-shares.ts';

/** A map over all faces and one for those of each class, in the order of the classes. */
export interface ClassMaps {
  readonly grid: FaceGrid;
  readonly perClass: readonly {
    readonly class: string;
    readonly samples: number;
    readonly grid: FaceGrid;
  }[];
}

/** On which parts of the face a network looks, for each class. Shares are `null` where a map is empty. */
export interface RegionTable {
  readonly all: readonly RegionShare[] | null;
  readonly perClass: readonly {
    readonly class: string;
    readonly samples: number;
    readonly shares: readonly RegionShare[] | null;
  }[];
  /** Whether the network looks where people do. */
  readonly findings: readonly FindingCheck[];
}

/**
 * @param regions those of the mean face where left out
 * @throws EvopatchError `INVALID_OPTION` where maps and regions are of different sizes.
 */
export function regionTable(maps: ClassMaps, regions: FaceRegions = faceRegions()): RegionTable {
  const perClass = maps.perClass.map(({ class: name, samples, grid }) => {
    return { class: name, samples, shares: samples > 0 ? regionShares(grid, regions) : null };
  });
  return { all: regionShares(maps.grid, regions), perClass, findings: checkHumanFindings(perClass) };
}

/** The maps of an occlusion: by how much the loss rises, which is less noisy than how many answers change. */
export function occlusionMaps({ lossRise, perClass }: Occlusion): ClassMaps {
  return {
    grid: lossRise,
    perClass: perClass.map(({ class: name, samples, lossRise: grid }) => ({ class: name, samples, grid })),
  };
}
