import type { EvopatchError } from '../core/errors.ts';
import { type GreyImage, greyOf, type Photo, photoOf } from '../images/photo.ts';
import type { Split } from './dataset.ts';

/** What the further columns of the data say of a picture; nothing known is an empty value. */
export type GroupValues = readonly (readonly [column: string, value: string])[];

/** A picture of a face on its way into a data set. */
export interface LabelledPicture {
  /** In colour or grey. */
  readonly picture: Photo | GreyImage;
  /** Name of its class; of sources without labels there is none. */
  readonly label?: string;
  readonly split: Split;
  /** Number of the person: of every picture of a source, or of none. */
  readonly subject?: number;
  /** Further columns: of every picture of a source the same ones. */
  readonly groups?: GroupValues;
  /** x0, y0, …, x67, y67 in pixels of the picture, NaN where unknown, of a source that knows them. */
  readonly points?: ArrayLike<number>;
  /** The image file, relative to the data folder, '/' between folders. */
  readonly file?: string;
  /** The row of the data csv, from 0, the header not counted. */
  readonly row?: number;
  /** The one-based line of the csv that holds the picture, for errors. */
  readonly line?: number;
}

/** A picture that cannot be read. */
export interface UnreadablePicture {
  readonly file?: string;
  readonly error: EvopatchError;
}

/** Labelled pictures, whatever form they are kept in. */
export interface FaceSource {
  /** Where they come from, for people. */
  readonly name: string;
  /** Class names in their order; complete once all pictures have been read. Empty where the faces have no labels. */
  readonly classes: readonly string[];
  /** What people should hear of the source; complete once all pictures have been read. */
  readonly notes?: readonly string[];
  /** Number of pictures, where it is known beforehand. */
  readonly total?: number;
  /** How much of the source has been read, 0 to 1, where that is known. */
  readonly share?: number;
  /** What names a picture in a points file that is written for the source. */
  readonly key: 'row' | 'file';
  /** All of them, always in the same order. */
  pictures(signal?: AbortSignal): AsyncIterable<LabelledPicture | UnreadablePicture>;
  /** SHA-256 of all that `pictures` gives depends on; not of a source that can be read only once. */
  contentHash?(signal?: AbortSignal): Promise<string>;
  /** The path of an image, or of the source itself. */
  pathOf(file: string | undefined): string;
}

export function asPhoto(picture: Photo | GreyImage): Photo {
  return isPhoto(picture) ? picture : photoOf(picture);
}

export function asGrey(picture: Photo | GreyImage): GreyImage {
  return isPhoto(picture) ? greyOf(picture) : picture;
}

function isPhoto(picture: Photo | GreyImage): picture is Photo {
  return picture.pixels.length === 3 * picture.width * picture.height;
}
