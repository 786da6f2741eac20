import type { Genome } from '../genome/genome.ts';
import type { Photo } from '../images/photo.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { Similarity } from '../landmarks/similarity.ts';
import type { Weighting } from './weights.ts';

/** What a patch map shows. */
export interface PatchMapContent {
  /** Canonical. One for a map of its patches, more for a map of where they all look. */
  readonly genomes: readonly Genome[];
  /** How much each genome counts, from 0. */
  readonly weights: readonly number[];
  /** What the weights follow from, for the legend. */
  readonly weighting?: Weighting;
  readonly frame: FrameGeometry;
  /** What the patches are drawn over: grey levels, [size][size], as from `meanFace`. A plain drawing if left out. */
  readonly face?: Uint8Array;
  /** Drawn over in place of the mean face. */
  readonly photo?: FacesOnPhoto;
  /** Heading of the picture. */
  readonly title?: string;
  /** Further sentences of the legend, a paragraph each. */
  readonly notes?: readonly string[];
}

/** A photo, and where the face frames of its faces lie on it. */
export interface FacesOnPhoto {
  readonly photo: Photo;
  /** From pixels of the original photo to pixels of the frame, one for each face. */
  readonly similarities: readonly Similarity[];
}

export const MAP_STYLES = ['heat', 'outlines'] as const;
/** Whether a map colours pixels by how much they are read, or frames the patches. */
export type MapStyle = (typeof MAP_STYLES)[number];

export const MAP_COLORS = ['viridis', 'magma'] as const;
export type MapColors = (typeof MAP_COLORS)[number];

/** How a map is drawn. */
export interface MapLook {
  /**
   * Picture pixels for each frame pixel, a whole number from 4 to 64. On a photo there is no choice: it keeps its own
   * pixels, or a multiple of them where it is small. @defaultValue 10
   */
  readonly scale?: number;
  /** @defaultValue 'outlines' for one genome, 'heat' for several */
  readonly style?: MapStyle;
  /** Colour scale; both climb evenly in lightness and can be read by the colour-blind. @defaultValue 'viridis' */
  readonly colors?: MapColors;
  /**
   * Whether to leave out face, legend and paper: what is left is transparent but for the map and has the size of the
   * face square, or of the photo, to be laid over it. @defaultValue false
   */
  readonly overlay?: boolean;
}
