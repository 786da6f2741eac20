import type { ModelTrainingProgress } from '../training/train-model.ts';
import { bestEpoch, type TrainingEpoch } from '../training/training-folder.ts';
import { formatSeconds, formatShare, sparkline } from './format.ts';
import { LiveLines, type ProgressStream } from './live-lines.ts';

const MAX_CURVE_WIDTH = 60;
const TITLE_WIDTH = 18;

/** Shows the progress of a training: on a terminal as curves that are redrawn in place, elsewhere as a line for each epoch. */
export class TrainingProgressLines {
  readonly #lines: LiveLines;
  readonly #start = performance.now();
  /** Epochs that need no line any more. */
  #shown: number | undefined;

  constructor(stream: ProgressStream) {
    this.#lines = new LiveLines(stream);
  }

  readonly show = ({ epochs, totalEpochs, share }: ModelTrainingProgress): void => {
    this.#shown ??= epochs.length; // epochs of an earlier process are not repeated
    if (this.#lines.isTerminal) {
      this.#lines.draw(this.#curves(epochs, totalEpochs, share));
      return;
    }
    for (const epoch of epochs.slice(this.#shown)) this.#lines.writeAbove(describeEpoch(epoch, totalEpochs));
    this.#shown = epochs.length;
  };

  /** Erases the curves. */
  readonly end = (): void => this.#lines.clear();

  #curves(epochs: readonly TrainingEpoch[], totalEpochs: number, share: number): string[] {
    const done = epochs.length - (this.#shown ?? 0) + share;
    const seconds = (performance.now() - this.#start) / 1000;
    const left = done > 0 ? (seconds / done) * (totalEpochs - epochs.length - share) : undefined;
    const width = this.#lines.width;
    const curve = (title: string, values: readonly number[], last: string) => {
      const room = Math.max(1, Math.min(MAX_CURVE_WIDTH, width - TITLE_WIDTH - last.length - 1));
      return `${title.padEnd(TITLE_WIDTH)}${sparkline(values, room)} ${last}`;
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
