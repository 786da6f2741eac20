import type { EvolutionReport } from '../run/result.ts';
import { formatAccuracy, formatCount, formatShare } from './format.ts';
import { type SizeStep, sizeLadder } from './size-ladder.ts';
import { formatTable } from './table.ts';

/** Formats the most accurate network of each size; `undefined` where none was trained in full. */
export function formatSizes({
  finalists,
  best,
  dataset: { frame },
}: Pick<EvolutionReport, 'finalists' | 'best' | 'dataset'>): string | undefined {
  if (finalists.length === 0) return undefined;
  const { pixels, parameters } = sizeLadder(finalists, frame);
  const row = (label: string, { finalist, holds }: SizeStep) => [
    label,
    ...(finalist === null
      ? ['–', '–', '–']
      : [formatAccuracy(finalist), formatCount(finalist.coveredPixels), formatCount(finalist.parameters)]),
    holds === null ? '–' : holds ? 'yes' : 'no',
    finalist?.hash === best.hash ? '← chosen' : '',
  ];
  return formatTable(
    [
      { title: 'most accurate up to', align: 'left' },
      { title: 'accuracy (95 %)' },
      { title: 'pixels' },
      { title: 'parameters' },
      { title: 'holds' },
      { title: '', align: 'left' },
    ],
    [
      ...pixels.map((step) => row(`${formatShare(step.limit, { digits: 0 })} of the face`, step)),
      ...parameters.map((step) => row(`${formatCount(step.limit)} parameters`, step)),
    ],
  );
}
