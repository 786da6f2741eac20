// Tables of the measurements: one for each set of networks.
import { spreadOf } from '../../dist/bench/timing.js';
import { formatTable } from '../../dist/summary/table.js';

const OURS = 'evopatch, two workers';

/** Medians with the least and the most over the rounds, as plain data. */
export function summaryOf(measurements) {
  const keyOf = ({ set, contender }) => JSON.stringify([set, contender]);
  return [...new Set(measurements.map(keyOf))].map((key) => {
    const own = measurements.filter((one) => keyOf(one) === key && one.failed === undefined);
    const [set, contender] = JSON.parse(key);
    const { failed, version } = measurements.find((one) => keyOf(one) === key);
    if (own.length === 0) return { set, contender, failed };
    return {
      set,
      contender,
      version,
      rounds: own.length,
      perHour: spreadOf(own.map(({ perHour }) => perHour)),
      peakBytes: own[0].peakBytes === null ? null : spreadOf(own.map(({ peakBytes }) => peakBytes)),
      loss: spreadOf(own.map(({ loss }) => loss)).median,
    };
  });
}

export function populationTables(measurements) {
  const summary = summaryOf(measurements);
  const sets = [...new Set(summary.map(({ set }) => set))];
  return sets
    .map((set) => `${set} shapes\n\n${tableOf(summary.filter((one) => one.set === set))}\n`)
    .join('\n');
}

function tableOf(rows) {
  const ours = rows.find(({ contender }) => contender === OURS)?.perHour?.median;
  const columns = [
    { title: 'contender', align: 'left' },
    { title: 'version', align: 'left' },
    { title: 'evaluations/h' },
    { title: 'least to most' },
    { title: `of ${OURS}` },
    { title: 'peak, MB' },
    { title: 'training loss' },
  ];
  const cells = rows
    .toSorted((a, b) => (b.perHour?.median ?? 0) - (a.perHour?.median ?? 0))
    .map(({ contender, version, failed, perHour, peakBytes, loss }) =>
      perHour === undefined
        ? [contender, '', 'failed', failed, '', '', '']
        : [
            contender,
            version,
            whole(perHour.median),
            `${whole(perHour.minimum)} to ${whole(perHour.maximum)}`,
            ours === undefined ? '' : (perHour.median / ours).toFixed(2),
            peakBytes === null ? '' : whole(peakBytes.median / 1e6),
            loss.toFixed(3),
          ],
    );
  return formatTable(columns, cells);
}

function whole(value) {
  return Math.round(value).toLocaleString('en-US');
}
