// The comparison as a table for each data set.
import { formatTable } from '../../dist/summary/table.js';
import { meanAndDeviation, reachedAt } from '../../research/search/curves.js';

const OURS = 'evopatch';

export function comparisonTable(searches) {
  const sets = [...new Set(searches.map(({ data }) => data))];
  return sets
    .map((data) => `${data}\n\n${tableOf(searches.filter((one) => one.data === data))}\n`)
    .join('\n');
}

function tableOf(searches) {
  const methods = [...new Set(searches.map(({ method }) => method))];
  const ranks = ranksOf(searches);
  const rows = methods.map((method) => {
    const own = searches.filter((one) => one.method === method);
    const ends = meanAndDeviation(own.map(endOf));
    const shares = own.flatMap(({ seed, points }) => {
      const ours = searches.find((one) => one.method === OURS && one.seed === seed);
      if (ours === undefined || method === OURS) return [];
      const reached = reachedAt(ours, points.at(-1).hypervolume);
      return [reached === null ? null : reached / ours.samples];
    });
    const rank = meanAndDeviation(own.map((one) => ranks.get(one))).mean;
    return { method, ends, rank, shares, trainings: meanAndDeviation(own.map((one) => one.trainings)).mean };
  });
  const columns = [
    { title: 'method', align: 'left' },
    { title: 'final hypervolume' },
    { title: 'mean rank' },
    { title: 'trainings' },
    { title: `compute of ${OURS} to reach it, %: mean (each seed)` },
  ];
  const cells = rows
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ method, ends, rank, shares, trainings }) => [
      method,
      `${ends.mean.toFixed(4)}${ends.deviation === null ? '' : ` ± ${ends.deviation.toFixed(4)}`}`,
      rank.toFixed(1),
      trainings.toFixed(0),
      shareOf(shares),
    ]);
  return formatTable(columns, cells);
}

/** The mean is known if each seed got there. */
function shareOf(shares) {
  if (shares.length === 0) return '';
  const mean = shares.includes(null) ? '–' : percent(meanAndDeviation(shares).mean);
  return `${mean} (${shares.map((share) => (share === null ? 'never' : percent(share))).join(', ')})`;
}

function percent(share) {
  return (100 * share).toFixed(0);
}

/** The place of each search among those of its seed, from 1; equal ones share theirs. */
function ranksOf(searches) {
  return new Map(
    searches.map((one) => {
      const rivals = searches.filter(({ seed }) => seed === one.seed);
      const better = rivals.filter((other) => endOf(other) > endOf(one)).length;
      const equal = rivals.filter((other) => endOf(other) === endOf(one)).length;
      return [one, better + (equal + 1) / 2];
    }),
  );
}

function endOf({ points }) {
  return points.at(-1).hypervolume;
}
