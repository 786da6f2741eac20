/** The model and the faces that it was measured on. */
export interface MeasuredFaces {
  /** The model file. */
  readonly model: string;
  readonly dataset: { readonly name: string; readonly hash: string; readonly align: string };
  readonly split: string;
  readonly samples: number;
}
