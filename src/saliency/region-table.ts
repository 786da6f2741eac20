import { type FaceRegions, faceRegions } from '../landmarks/face-regions.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';
import { checkHumanFindings, type FindingCheck } from './human-findings.ts';
import type { Occlusion } from './occlusion.ts';
import { type RegionShare, regionShares } from './region-shares.ts';

/** Holds a map over all faces, and one for the faces of each class in the order of the classes. */
export interface ClassMaps {
  readonly grid: FaceGrid;
  readonly perClass: readonly {
    readonly class: string;
    readonly samples: number;
    readonly grid: FaceGrid;
  }[];
}

/** Says on which parts of the face a network looks, for each class. Shares are `null` if a map is empty. */
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
 * Tabulates how much of each map lies on each part of the face; by default, of the mean face.
 *
 * @throws EvopatchError `INVALID_OPTION` if maps and regions differ in size.
 */
export function regionTable(maps: ClassMaps, regions: FaceRegions = faceRegions()): RegionTable {
  const perClass = maps.perClass.map(({ class: name, samples, grid }) => {
    return { class: name, samples, shares: samples > 0 ? regionShares(grid, regions) : null };
  });
  return { all: regionShares(maps.grid, regions), perClass, findings: checkHumanFindings(perClass) };
}

/** Picks the maps of the loss from an occlusion, which are less noisy than those of the accuracy. */
export function occlusionMaps({ lossRise, perClass }: Occlusion): ClassMaps {
  return {
    grid: lossRise,
    perClass: perClass.map(({ class: name, samples, lossRise: grid }) => ({ class: name, samples, grid })),
  };
}
