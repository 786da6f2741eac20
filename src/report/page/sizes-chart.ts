import { type SizePoint, sizeChart } from '../../charts/size-chart.ts';
import type { Html } from '../../core/html.ts';
import type { Finalist } from '../../run/result.ts';
import { formatAccuracy, formatCount, formatShare } from '../../summary/format.ts';
import type { SizeLadder, SizeStep } from '../../summary/size-ladder.ts';
import type { ReportRun } from '../report-data.ts';
import { coverage } from '../verdict.ts';

/** What a ladder limits. */
export type Measure = keyof SizeLadder;

const MEASURES = {
  pixels: {
    xTitle: "share of the face's pixels, %",
    isLogarithmic: false,
    of: (run: ReportRun, { coveredPixels }: Finalist) => coverage(run, coveredPixels),
    tick: (limit: number) => formatShare(limit, { digits: 0 }).replace(' %', ''),
  },
  parameters: {
    xTitle: 'trainable parameters',
    isLogarithmic: true,
    of: (_run: ReportRun, { parameters }: Finalist) => parameters,
    tick: (limit: number) => `${limit / 1000}k`,
  },
} as const;

/** Draws the accuracy of the finalists against their size; marks of the ladder link to their entries in the list below. */
export function ladderChart(run: ReportRun, index: number, name: Measure, steps: readonly SizeStep[]): Html {
  const { baseline, best, finalists } = run;
  const { xTitle, isLogarithmic, of, tick } = MEASURES[name];
  const points = finalists.map((finalist): SizePoint => {
    const place = steps.findIndex((step) => step.finalist === finalist);
    const isRinged = finalist.hash === best?.hash;
    const entry = place < 0 ? null : `#${name}-${index + 1}-${place + 1}-network`;
    const share = formatShare(coverage(run, finalist.coveredPixels));
    return {
      size: of(run, finalist),
      value: 100 * finalist.validationAccuracy,
      interval: inPercent(finalist),
      title: `${formatAccuracy(finalist)} with ${share} of the face and ${formatCount(finalist.parameters)} parameters`,
      href: entry ?? (isRinged ? '#summary' : null), // the summary shows the chosen network
      isRinged,
    };
  });
  return sizeChart({
    id: `${name}-chart-${index + 1}`,
    title: `Accuracy against ${xTitle}`,
    xTitle,
    yTitle: 'accuracy, %',
    ticks: steps.map(({ limit }) => ({ value: limit, label: tick(limit) })),
    isLogarithmic,
    points,
    reference: baseline && {
      label: `baseline ${formatShare(baseline.validationAccuracy)}`,
      value: 100 * baseline.validationAccuracy,
      interval: inPercent(baseline),
    },
  });
}

function inPercent({ interval95: [low, high] }: Pick<Finalist, 'interval95'>): [number, number] {
  return [100 * low, 100 * high];
}
