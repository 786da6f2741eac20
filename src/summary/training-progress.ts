import type { ModelTrainingProgress } from '../training/train-model.ts';
import { bestEpoch, type TrainingEpoch } from '../training/training-epoch.ts';
import { formatSeconds, formatShare } from './format.ts';
import { LiveLines, type ProgressStream } from './live-lines.ts';
import { sparkline } from './sparkline.ts';

const LONGEST_CURVE = 60;
const TITLE = 18;

/** Tells of a training: on a terminal by curves that are drawn over and over, elsewhere by a line for each epoch. */
export class TrainingProgressLines {
  readonly #lines: LiveLines;
  readonly #start = performance.now();
  #told: number | undefined;

  constructor(stream: ProgressStream) {
    this.#lines = new LiveLines(stream);
  }

  readonly show = ({ epochs, totalEpochs, share }: ModelTrainingProgress): void => {
    this.#told ??= epochs.length; // those of an earlier process are not told again
    if (this.#lines.isTerminal) {
      this.#lines.draw(this.#curves(epochs, totalEpochs, share));
      return;
    }
    for (const epoch of epochs.slice(this.#told)) this.#lines.writeAbove(describeEpoch(epoch, totalEpochs));
    this.#told = epochs.length;
  };

  /** Takes the curves away. */
  readonly end = (): void => this.#lines.clear();

  #curves(epochs: readonly TrainingEpoch[], totalEpochs: number, share: number): string[] {
    const made = epochs.length - (this.#told ?? 0) + share;
    const seconds = (performance.now() - this.#start) / 1000;
    const left = made > 0 ? (seconds / made) * (totalEpochs - epochs.length - share) : undefined;
    const width = this.#lines.width;
    const curve = (title: string, values: readonly number[], last: string) => {
      const room = Math.max(1, Math.min(LONGEST_CURVE, width - TITLE - last.length - 1));
      return `${title.padEnd(TITLE)}${sparkline(values, room)} ${last}`;
    };
    const lines = [
      `epoch ${Math.min(epochs.length + 1, totalEpochs)} of ${totalEpochs}, ${formatShare(share)} of it; ` +
        `${formatSeconds(seconds)}${left === undefined ? '' : `, at most ${formatSeconds(left)} left`}`,
    ];
    const last = epochs.at(-1);
    if (last !== undefined) {
      const best = bestEpoch(epochs);
      lines.push(
        curve(
          'training loss',
          epochs.map((one) => one.trainingLoss),
          last.trainingLoss.toFixed(3),
        ),
        curve(
          'validation loss',
          epochs.map((one) => one.validationLoss),
          last.validationLoss.toFixed(3),
        ),
        curve(
          'accuracy',
          epochs.map((one) => one.validationAccuracy),
          `${formatShare(last.validationAccuracy)}, best ${formatShare(best.validationAccuracy)} (${best.epoch})`,
        ),
      );
    }
    return lines.map((line) => line.slice(0, width));
  }
}

function describeEpoch(epoch: TrainingEpoch, totalEpochs: number): string {
  const { trainingLoss, validationLoss, validationAccuracy } = epoch;
  return (
    `epoch ${epoch.epoch} of ${totalEpochs}: loss ${trainingLoss.toFixed(3)}, ` +
    `validation ${validationLoss.toFixed(3)}, ${formatShare(validationAccuracy)}`
  );
}
