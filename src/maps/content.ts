import type { Genome } from '../genome/genome.ts';
import type { Photo } from '../images/photo.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { Similarity } from '../landmarks/similarity.ts';
import type { Weighting } from './weights.ts';

/** Describes what a patch map shows. */
export interface PatchMapContent {
  /** Canonical genomes: one for a map of its patches, several for a map of the pixels that they read. */
  readonly genomes: readonly Genome[];
  /** How much each genome counts, 0 or more. */
  readonly weights: readonly number[];
  /** How the weights were computed; the legend names it. */
  readonly weighting?: Weighting;
  readonly frame: FrameGeometry;
  /** The face below the patches: grey levels, [size][size], as from `meanFace`. @defaultValue a line drawing */
  readonly face?: Uint8Array;
  /** A photo that replaces the mean face. */
  readonly photo?: FacesOnPhoto;
  /** Heading of the legend. */
  readonly title?: string;
  /** Further sentences of the legend, a paragraph each. */
  readonly notes?: readonly string[];
}

/** Says where the face frames lie on a photo. */
export interface FacesOnPhoto {
  readonly photo: Photo;
  /** Map pixels of the original photo to pixels of the frame, one for each face. */
  readonly similarities: readonly Similarity[];
}

export const MAP_STYLES = ['heat', 'outlines'] as const;
/** `heat` colours pixels by how many networks or patches read them; `outlines` frames the patches. */
export type MapStyle = (typeof MAP_STYLES)[number];

export const MAP_COLORS = ['viridis', 'magma'] as const;
export type MapColors = (typeof MAP_COLORS)[number];

/** Says how to draw a map. */
export interface MapLook {
  /**
   * Picture pixels for each frame pixel, a whole number from 4 to 64. Refused on a photo, which keeps its own size, or a
   * multiple of it if it is small. @defaultValue 10
   */
  readonly scale?: number;
  /** @defaultValue 'outlines' for one genome, 'heat' for several */
  readonly style?: MapStyle;
  /** Colour scale; the lightness of both rises evenly, so colour-blind people can read them. @defaultValue 'viridis' */
  readonly colors?: MapColors;
  /**
   * Whether to draw the map alone on a transparent ground of the size of the face square, or of the photo, for laying
   * over it: without face, legend and margin. @defaultValue false
   */
  readonly overlay?: boolean;
}
