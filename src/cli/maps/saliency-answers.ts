import type { SaliencyCheck } from '../../saliency/check-saliency.ts';
import type { SaliencyMethod } from '../../saliency/explainer.ts';
import type { MeasuredFaces } from '../models/measured-faces.ts';

export interface PhotoSaliencyAnswer {
  /** The model file. */
  readonly model: string;
  readonly classes: readonly string[];
  readonly photos: readonly { readonly file: string; readonly faces: readonly ExplainedFace[] }[];
}

/** One face, and the maps that explain it. */
export interface ExplainedFace {
  readonly class: string;
  readonly probability: number;
  readonly maps: readonly {
    readonly method: string;
    readonly unit: string;
    readonly scalar: number;
    readonly baseline?: number;
    readonly rows: readonly (readonly number[])[];
  }[];
  readonly picture?: string;
}

export interface FaceSaliencyAnswer extends ExplainedFace {
  readonly model: string;
  /** The data set. */
  readonly data: string;
  /** Number of the face. */
  readonly face: number;
}

export interface ClassSaliencyAnswer extends MeasuredFaces {
  readonly check?: SaliencyCheck;
  /** Which class each face was explained for. */
  readonly explained?: 'predicted' | 'true';
  readonly methods?: readonly ClassMaps[];
  /** The file of the picture. */
  readonly picture?: string;
}

/** The mean maps of a method, overall and class by class, as rows of pixels of the face frame. */
export interface ClassMaps {
  readonly method: SaliencyMethod;
  readonly unit: string;
  readonly rows: readonly (readonly number[])[];
  readonly perClass: readonly {
    readonly class: string;
    readonly samples: number;
    readonly rows: readonly (readonly number[])[];
  }[];
}
