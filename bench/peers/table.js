// Tables of the measurements: one for each network and task.
import { spreadOf } from '../../dist/bench/timing.js';
import { formatTable } from '../../dist/summary/table.js';

const OURS = 'evopatch, native';

/** Makes a table for each network, task and number of threads; fastest first. */
export function speedTables(measurements) {
  const nameOf = ({ network, task, threads }) =>
    `${network}, ${task}, ${threads} thread${threads > 1 ? 's' : ''}`;
  const tables = groupBy(measurements, nameOf);
  return [...tables].map(([name, rows]) => `${name}\n\n${speedTable(rows)}\n`).join('\n');
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function speedTable(measurements) {
  const contenders = groupBy(measurements, ({ contender }) => contender);
  const rows = [...contenders].map(([name, all]) => {
    const speeds = all
      .filter(({ failed }) => failed === undefined)
      .map(({ samplesPerSecond }) => samplesPerSecond);
    return {
      name,
      version: all[0].version,
      failed: all[0].failed,
      ...(speeds.length > 0 ? spreadOf(speeds) : {}),
    };
  });
  const ours = rows.find(({ name }) => name === OURS)?.median;
  const columns = [
    { title: 'contender', align: 'left' },
    { title: 'version', align: 'left' },
    { title: 'samples/s' },
    { title: 'least to most' },
    { title: `of ${OURS}` },
  ];
  const cells = rows
    .toSorted((a, b) => (b.median ?? 0) - (a.median ?? 0))
    .map(({ name, version, failed, median, minimum, maximum }) =>
      median === undefined
        ? [name, '', 'failed', failed, '']
        : [
            name,
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
