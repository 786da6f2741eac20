import type { EvopatchError } from '../core/errors.ts';
import { type GreyImage, greyOf, type Photo, photoOf } from '../images/photo.ts';
import type { Split } from './dataset.ts';

/** The values of a picture in further columns; an empty value is unknown. */
export type GroupValues = readonly (readonly [column: string, value: string])[];

/** A picture of a face to add to a data set. */
export interface LabelledPicture {
  /** In colour or grey. */
  readonly picture: Photo | GreyImage;
  /** The name of its class, if the source has labels. */
  readonly label?: string;
  readonly split: Split;
  /** The index of the person, given for all pictures of a source or for none. */
  readonly subject?: number;
  /** Further columns, the same for all pictures of a source. */
  readonly groups?: GroupValues;
  /** x0, y0, …, x67, y67 in pixels of the picture, NaN for an unknown point, if the source knows them. */
  readonly points?: ArrayLike<number>;
  /** The image file, relative to the data folder, '/' between folders. */
  readonly file?: string;
  /** The zero-based row of the data csv, without the header. */
  readonly row?: number;
  /** The one-based line of the picture in the csv, for errors. */
  readonly line?: number;
}

/** A picture that cannot be read. */
export interface UnreadablePicture {
  readonly file?: string;
  readonly error: EvopatchError;
}

/** A source of labelled pictures in any format. */
export interface FaceSource {
  /** Where the pictures come from, shown to people. */
  readonly name: string;
  /** Class names in order, complete after all pictures have been read; empty without labels. */
  readonly classes: readonly string[];
  /** Notes to report to people, complete after all pictures have been read. */
  readonly notes?: readonly string[];
  /** Number of pictures, if known in advance. */
  readonly total?: number;
  /** Share of the source read so far, 0 to 1, if known. */
  readonly share?: number;
  /** What identifies a picture in a points file for this source. */
  readonly key: 'row' | 'file';
  /** Reads all pictures, always in the same order. */
  pictures(signal?: AbortSignal): AsyncIterable<LabelledPicture | UnreadablePicture>;
  /** SHA-256 of everything that the pictures depend on; absent for a source that can be read only once. */
  contentHash?(signal?: AbortSignal): Promise<string>;
  /** Gives the path of an image, or of the source itself. */
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
