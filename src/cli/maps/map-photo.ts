import { EvopatchError } from '../../core/errors.ts';
import { patchQuadrilaterals } from '../../genome/patch-quadrilaterals.ts';
import { decodePhoto } from '../../images/decode-photo.ts';
import { originalSize } from '../../images/photo.ts';
import { type AlignmentMethod, alignFace } from '../../landmarks/alignment.ts';
import type { FaceSearch } from '../../landmarks/face-search.ts';
import type { FrameGeometry } from '../../landmarks/frame-geometry.ts';
import type { Box } from '../../landmarks/landmark-detector.ts';
import type { Similarity } from '../../landmarks/similarity.ts';
import type { FacesOnPhoto } from '../../maps/content.ts';
import type { PatchMapOptions } from '../../maps/patch-map.ts';
import { faceFinder } from '../../prediction/face-finder.ts';

/** A photo to draw a map on. */
export interface MapPhoto extends FacesOnPhoto {
  readonly file: string;
  readonly faces: readonly {
    readonly box: Box;
    readonly aligned: boolean;
    /** From pixels of the original photo to pixels of the frame. */
    readonly similarity: Similarity;
  }[];
}

/**
 * Finds the faces of a photo and aligns each to its frame.
 *
 * @throws EvopatchError `INVALID_IMAGE` where it cannot be decoded or no face is found, `FILE_SYSTEM`.
 */
export async function readMapPhoto(
  file: string,
  align: AlignmentMethod,
  search: FaceSearch,
  frame: FrameGeometry,
): Promise<MapPhoto> {
  const photo = await decodePhoto(file);
  const located = await faceFinder(search).find(photo, true);
  if (located.length === 0) {
    const hint = "'--faces ssd' finds more faces; '--faces crop' treats the picture as one face";
    throw new EvopatchError('INVALID_IMAGE', 'no face is found on the photo', { file, hint });
  }
  const faces = located.map(({ box, points }) => {
    const { similarity, fallback } = alignFace(align, box, points, frame);
    return { box, aligned: !fallback, similarity };
  });
  return { file, photo, faces, similarities: faces.map(({ similarity }) => similarity) };
}

/** Converts to plain data; for a single genome, with the corners of its patches on the photo. */
export function photoToJson({ file, photo, faces }: MapPhoto, { genomes, frame }: PatchMapOptions) {
  return {
    file,
    ...originalSize(photo),
    faces: faces.map((face) => ({
      ...face,
      ...(genomes.length === 1 ? { patches: patchQuadrilaterals(genomes[0], frame, face.similarity) } : {}),
    })),
  };
}
