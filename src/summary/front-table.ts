import type { ScoredGenome } from '../run/result.ts';
import { evenly } from './evenly.ts';
import { formatCount, formatMillions, formatShare } from './format.ts';
import { formatTable } from './table.ts';

const MOST_ROWS = 10;

/**
 * The front of a search, with how much the loss of each member differs between seeds; of a long one some members, from the
 * most exact to the smallest.
 */
export function formatFront(front: readonly ScoredGenome[]): string | undefined {
  if (front.length === 0) return undefined;
  const shown = evenly(front, MOST_ROWS);
  const table = formatTable(
    [
      { title: 'front of the search', align: 'left' },
      { title: 'parameters' },
      { title: 'MACs' },
      { title: 'pixels' },
      { title: 'loss' },
      { title: 'deviation' },
      { title: 'accuracy' },
    ],
    shown.map(({ hash, parameters, macs, coveredPixels, loss, deviation, accuracy }) => [
      hash.slice(0, 8),
      formatCount(parameters),
      formatMillions(macs),
      formatCount(coveredPixels),
      loss.toFixed(3),
      deviation === null ? 'one seed' : `± ${deviation.toFixed(3)}`,
      formatShare(accuracy),
    ]),
  );
  const count = shown.length < front.length ? `${shown.length} of ${front.length} members; ` : '';
  return `${table}\n${count}short trainings, measured on rows that the search kept aside; the deviation is that of the loss between seeds`;
}
