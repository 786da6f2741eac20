import type { PredictedFrame } from '../prediction/predict-stream.ts';

const STAGES = ['decode', 'search', 'read', 'also', 'draw'] as const;

type Stage = (typeof STAGES)[number];

/** What the stages are called in a line. */
const NAMES: Readonly<Record<Stage, string>> = {
  decode: 'decoding',
  search: 'finding and reading faces',
  read: 'reading faces in known places',
  also: 'the further model',
  draw: 'drawing',
};

/** Adds up how long the stages of frames take. */
export class StageTimes {
  readonly #sums: Record<Stage, { milliseconds: number; frames: number }> = {
    decode: { milliseconds: 0, frames: 0 },
    search: { milliseconds: 0, frames: 0 },
    read: { milliseconds: 0, frames: 0 },
    also: { milliseconds: 0, frames: 0 },
    draw: { milliseconds: 0, frames: 0 },
  };
  #frames = 0;

  add({ searched, milliseconds: { decode, faces, also } }: PredictedFrame, draw: number): void {
    this.#frames++;
    this.#count('decode', decode);
    this.#count(searched ? 'search' : 'read', faces);
    this.#count('also', also);
    this.#count('draw', draw);
  }

  /** Frames a second over all stages, and milliseconds of each stage: the mean over the frames that went through it. */
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
    return `${framesPerSecond.toFixed(1)} frames/s over ${frames}; milliseconds a frame: ${stages.join(', ')}`;
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
