// What the page asks its worker, and what it answers.
import type { PredictedFace } from 'evopatch/browser';

/** Where the faces of a picture are: anywhere, those of the frame before, filling the picture, or in the face frame of evopatch itself. */
export type FacePlace = 'search' | 'camera' | 'whole' | 'frame';

export interface OpenRequest {
  readonly ask: 'open';
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

export interface ReadRequest {
  readonly ask: 'read';
  readonly picture: ImageBitmap;
  readonly place: FacePlace;
}

export type Request = OpenRequest | ReadRequest;

/** A model that the worker has opened. */
export interface OpenedModel {
  readonly name: string;
  readonly classes: readonly string[];
  readonly parameters: number;
  /** Share of the pixels of the face that it reads, 0–1; undefined for a model that reads all. */
  readonly share: number | undefined;
}

export interface Answers {
  /** All open models, the latest first: one that answers with the same classes as another has taken its place. */
  readonly open: readonly OpenedModel[];
  /** The faces of a picture, as each model reads them: [face][model]. */
  readonly read: readonly (readonly PredictedFace[])[];
}

/** An error of the worker as plain data; `code` is one of evopatch's, if the error is. */
export interface Failure {
  readonly code?: string;
  readonly problem: string;
  readonly hint?: string;
}

export type Reply =
  | { readonly id: number; readonly value: Answers[keyof Answers] }
  | { readonly id: number; readonly failure: Failure };
