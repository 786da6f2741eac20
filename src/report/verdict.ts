import { faceSquare } from '../genome/patches.ts';
import { describeDifference, describeSaving } from '../summary/difference.ts';
import { formatCount, formatShare } from '../summary/format.ts';
import type { ReportRun } from './report-data.ts';

/** States the result of a run in a sentence or two, good or bad. */
export function verdictOf(run: ReportRun): string {
  const { best, status } = run;
  if (best === null) return `${progressOf(run)} No genome has completed a short training yet.`;
  if (best.validationAccuracy === null) {
    const accuracy = run.front[0]?.accuracy;
    const reached =
      accuracy === undefined ? '' : ` with an accuracy of ${formatShare(accuracy)} after short training`;
    return (
      `${status === 'complete' ? '' : `${progressOf(run)} `}The best genome so far has ` +
      `${formatCount(best.parameters)} parameters${reached}; it has not been trained in full, so it cannot be ` +
      'compared with the baseline.'
    );
  }
  const reads = `${patchesOf(run)} ${verb('read', best.genome.patches.length)} ${formatShare(coverage(run, best.coveredPixels))} of the face's pixels`;
  if (run.baseline === null || best.difference === null) {
    return (
      `${reads} and ${verb('reach', best.genome.patches.length)} ${formatShare(best.validationAccuracy)} with ${formatCount(best.parameters)} parameters. ` +
      'No baseline was trained to compare it with.'
    );
  }
  const saving = describeSaving(best.parameters, run.baseline.parameters);
  return `${reads} with ${saving} than the full-face baseline. ${describeDifference(best.difference, run.margin)}`;
}

/** Converts pixels to a share of the face, 0 to 1. */
export function coverage({ dataset }: Pick<ReportRun, 'dataset'>, pixels: number): number {
  const { width, height } = faceSquare(dataset.frame);
  return pixels / (width * height);
}

/** States how far a run has come. */
export function progressOf({ status, history, generations }: ReportRun): string {
  const done = `${history.length}${generations === null ? '' : ` of ${generations}`} generations`;
  switch (status) {
    case 'complete':
      return `The run is complete after ${done}.`;
    case 'running':
      return `The run is in progress, after ${done}.`;
    case 'aborted':
      return `The run was ended early, after ${done}.`;
    case 'interrupted':
      return `The run was interrupted after ${done} and can be resumed.`;
  }
}

function patchesOf({ best }: ReportRun): string {
  const patches = best?.genome.patches ?? [];
  const pairs = patches.filter(({ mirrored }) => mirrored).length;
  if (patches.length === 1) return pairs === 1 ? 'One mirrored pair of evolved patches' : 'One evolved patch';
  const mirrored =
    pairs === 0
      ? ''
      : pairs === patches.length
        ? ', all mirrored pairs,'
        : `, ${pairs} of them mirrored pairs,`;
  return `${patches.length} evolved patches${mirrored}`;
}

function verb(word: 'read' | 'reach', count: number): string {
  return count > 1 ? word : word === 'read' ? 'reads' : 'reaches';
}
