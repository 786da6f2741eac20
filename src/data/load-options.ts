export interface LoadOptions {
  /** A csv of landmarks by which the faces are aligned; without it the crops are taken as they are. */
  readonly points?: string;
  /** Stops the loading with an `ABORTED` error. */
  readonly signal?: AbortSignal;
  /** Called now and then, and once at the end. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

export interface LoadProgress {
  /** Samples loaded so far. */
  readonly samples: number;
  /** Those among them whose points were unknown or not trusted, so that the crop was taken as it is. */
  readonly unaligned: number;
}
