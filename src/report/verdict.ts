import { faceSquare } from '../genome/patches.ts';
import { formatCount, formatPoints, formatShare } from '../summary/format.ts';
import type { ReportRun } from './report-data.ts';

/** What a run came to, in a sentence or two, whether or not that is good news. */
export function verdictOf(run: ReportRun): string {
  const { best, status } = run;
  if (best === null) return `${progressOf(run)} No genome has been trained to the top rung yet.`;
  if (best.validationAccuracy === null) {
    const accuracy = run.front[0]?.accuracy;
    const reached =
      accuracy === undefined ? '' : ` with an accuracy of ${formatShare(accuracy)} after short training`;
    return (
      `${status === 'complete' ? '' : `${progressOf(run)} `}The most exact genome so far has ` +
      `${formatCount(best.parameters)} parameters${reached}; it has not been trained in full, so nothing can be said ` +
      'about it against the baseline.'
    );
  }
  const reads = `${patchesOf(run)} read ${formatShare(coverage(run, best.coveredPixels))} of the face's pixels`;
  if (run.baseline === null || best.difference === null) {
    return (
      `${reads} and reach ${formatShare(best.validationAccuracy)} with ${formatCount(best.parameters)} parameters. ` +
      'No baseline was trained, so there is nothing to compare this with.'
    );
  }
  return `${reads} ${sizeAgainst(best.parameters, run.baseline.parameters)} than the full-face baseline. ${accuracyAgainst(run)}`;
}

/** Share of the face's pixels, 0 to 1. */
export function coverage({ dataset }: Pick<ReportRun, 'dataset'>, pixels: number): number {
  const { width, height } = faceSquare(dataset.frame);
  return pixels / (width * height);
}

/** How far a run that is not complete has come. */
export function progressOf({ status, history, generations }: ReportRun): string {
  const done = `${history.length}${generations === null ? '' : ` of ${generations}`} generations`;
  switch (status) {
    case 'complete':
      return `The run is complete after ${done}.`;
    case 'running':
      return `The run is under way: ${done} have ended.`;
    case 'aborted':
      return `The run was ended early, after ${done}.`;
    case 'interrupted':
      return `The run was interrupted after ${done} and can be resumed.`;
  }
}

function patchesOf({ best }: ReportRun): string {
  const rectangles = (best?.genome.patches ?? []).reduce((sum, { mirrored }) => sum + (mirrored ? 2 : 1), 0);
  return rectangles === 1 ? 'One evolved patch' : `${formatCount(rectangles)} evolved patches`;
}

function sizeAgainst(parameters: number, baseline: number): string {
  const saved = 1 - parameters / baseline;
  return `with ${formatShare(Math.abs(saved))} ${saved >= 0 ? 'fewer' : 'more'} parameters`;
}

function accuracyAgainst({ best, baseline, margin }: ReportRun): string {
  if (best?.difference == null || baseline === null || best.validationAccuracy === null) return '';
  const { estimate, interval95, notWorse } = best.difference;
  const [low, high] = interval95;
  const figures =
    `${formatShare(best.validationAccuracy)} against ${formatShare(baseline.validationAccuracy)}, a difference of ` +
    `${formatPoints(estimate)} points (95 % interval ${formatPoints(low)} to ${formatPoints(high)})`;
  const outcome =
    low > 0
      ? 'They are more accurate'
      : high < 0
        ? 'They are less accurate'
        : 'Their accuracy cannot be told from its';
  const points = margin === null ? 'the margin' : `the margin of ${Number((100 * margin).toFixed(1))} points`;
  const standing = notWorse
    ? `which is not worse by more than ${points}`
    : `which does not show that they stay within ${points}`;
  return `${outcome}: ${figures}, ${standing}.`;
}
