// Tables of the measurements: one for each network and task.
import { spreadOf } from '../../dist/bench/timing.js';
import { formatTable } from '../../dist/summary/table.js';

const OURS = 'evopatch, native';

/** Makes a table for each network, task and number of threads; fastest first. */
export function speedTables(measurements) {
  return speedsOf(measurements)
    .map(({ name, rows }) => `${name}\n\n${speedTable(rows)}\n`)
    .join('\n');
}

/** Groups measurements by network, task and number of threads; those who took part, fastest first. */
export function speedsOf(measurements) {
  const nameOf = ({ network, task, threads }) =>
    `${network}, ${task}, ${threads} thread${threads > 1 ? 's' : ''}`;
  return [...groupBy(measurements, nameOf)].map(([name, all]) => {
    const contenders = groupBy(all, ({ contender }) => contender);
    const rows = [...contenders].map(([contender, own]) => rowOf(contender, own));
    return { name, rows: rows.toSorted((a, b) => (b.median ?? 0) - (a.median ?? 0)) };
  });
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function rowOf(contender, [first, ...others]) {
  const speeds = [first, ...others]
    .filter(({ failed }) => failed === undefined)
    .map(({ samplesPerSecond }) => samplesPerSecond);
  const { version, failed } = first;
  return { contender, version, failed, ...(speeds.length > 0 ? spreadOf(speeds) : {}) };
}

function speedTable(rows) {
  const ours = rows.find(({ contender }) => contender === OURS)?.median;
  const columns = [
    { title: 'contender', align: 'left' },
    { title: 'version', align: 'left' },
    { title: 'samples/s' },
    { title: 'least to most' },
    { title: `of ${OURS}` },
  ];
  const cells = rows.map(({ contender, version, failed, median, minimum, maximum }) =>
    median === undefined
      ? [contender, '', 'failed', failed, '']
      : [
          contender,
          version,
          whole(median),
          `${whole(minimum)} to ${whole(maximum)}`,
          ours === undefined ? '' : (median / ours).toFixed(2),
        ],
  );
  return formatTable(columns, cells);
}

function whole(value) {
  return Math.round(value).toLocaleString('en-US');
}
