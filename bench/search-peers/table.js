// The comparison as a table for each data set.
import { formatTable } from '../../dist/summary/table.js';
import { bandOf, meanAndDeviation, reachedAt } from '../../research/search/curves.js';

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
  const ours = searches.filter(({ method }) => method === OURS);
  const rows = methods.map((method) => {
    const own = searches.filter((one) => one.method === method);
    const ends = meanAndDeviation(own.map(endOf));
    const rank = meanAndDeviation(own.map((one) => ranks.get(one))).mean;
    const shares = method === OURS || ours.length === 0 ? [] : sharesToReach(own, ours);
    const trainings = meanAndDeviation(own.map((one) => one.trainings)).mean;
    return { method, ends, rank, shares, trainings };
  });
  const columns = [
    { title: 'method', align: 'left' },
    { title: 'seeds' },
    { title: 'final hypervolume' },
    { title: 'mean rank' },
    { title: 'trainings' },
    { title: `compute of ${OURS} to reach it, %: of the means (of each seed)` },
  ];
  const cells = rows
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ method, ends, rank, shares, trainings }) => [
      method,
      String(searches.filter((one) => one.method === method).length),
      `${ends.mean.toFixed(4)}${ends.deviation === null ? '' : ` ± ${ends.deviation.toFixed(4)}`}`,
      rank.toFixed(1),
      trainings.toFixed(0),
      shareOf(shares),
    ]);
  return formatTable(columns, cells);
}

/** Shares of the budget: of the mean curve to the mean end, then of each seed that both have. */
function sharesToReach(own, ours) {
  const [{ samples: budget }] = ours;
  const band = bandOf(ours, budget);
  const mean = {
    points: band.samples.map((samplesSeen, i) => ({ samplesSeen, hypervolume: band.mean[i] })),
  };
  const pairs = own.flatMap((one) => {
    const other = ours.find(({ seed }) => seed === one.seed);
    return other === undefined ? [] : [reachedAt(other, endOf(one))];
  });
  const reached = [reachedAt(mean, meanAndDeviation(own.map(endOf)).mean), ...pairs];
  return reached.map((samples) => (samples === null ? null : samples / budget));
}

function shareOf([mean, ...seeds]) {
  if (mean === undefined) return '';
  const [first, ...others] = [mean, ...seeds].map((share) => (share === null ? 'never' : percent(share)));
  return `${first} (${others.join(', ')})`;
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
