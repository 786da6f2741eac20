import type { PredictedFrame } from '../../prediction/predict-stream.ts';

const STAGES = ['decode', 'search', 'read', 'also', 'guided', 'draw', 'write'] as const;

type Stage = (typeof STAGES)[number];

/** Names of the stages. */
const NAMES: Readonly<Record<Stage, string>> = {
  decode: 'decoding',
  search: 'finding and reading faces',
  read: 'reading faces at known positions',
  also: 'the further model',
  guided: 'explaining them',
  draw: 'drawing',
  write: 'writing the animation',
};

/** Adds up the times of the stages of frames. */
export class StageTimes {
  readonly #sums = Object.fromEntries(
    STAGES.map((stage) => [stage, { milliseconds: 0, frames: 0 }]),
  ) as Record<Stage, { milliseconds: number; frames: number }>;
  #frames = 0;

  add({ searched, milliseconds: { decode, faces, also, guided } }: PredictedFrame, draw: number): void {
    this.#frames++;
    this.#count('decode', decode);
    this.#count(searched ? 'search' : 'read', faces);
    this.#count('also', also);
    this.#count('guided', guided);
    this.#count('draw', draw);
  }

  /** @param milliseconds that it took to write the drawings of `frames` frames as one animation */
  addWriting(milliseconds: number, frames: number): void {
    this.#sums.write.milliseconds += milliseconds;
    this.#sums.write.frames += frames;
  }

  /** Computes frames per second over all stages, and the milliseconds of each stage: the mean over its frames. */
  summary() {
    const total = STAGES.reduce((sum, stage) => sum + this.#sums[stage].milliseconds, 0);
    const milliseconds = Object.fromEntries(
      STAGES.map((stage) => [stage, this.#mean(stage)] as const).filter(([, mean]) => mean > 0),
    );
    return { frames: this.#frames, framesPerSecond: (1000 * this.#frames) / total, milliseconds };
  }

  describe(): string {
    const { frames, framesPerSecond } = this.summary();
    const stages = STAGES.filter((stage) => this.#mean(stage) >= 0.05).map(
      (stage) => `${NAMES[stage]} ${this.#mean(stage).toFixed(1)}`,
    );
    return `${framesPerSecond.toFixed(1)} frames/s over ${frames}; milliseconds per frame: ${stages.join(', ')}`;
  }

  #count(stage: Stage, milliseconds: number): void {
    this.#sums[stage].milliseconds += milliseconds;
    this.#sums[stage].frames++;
  }

  #mean(stage: Stage): number {
    const { milliseconds, frames } = this.#sums[stage];
    return frames === 0 ? 0 : milliseconds / frames;
  }
}
