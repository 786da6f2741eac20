// The growth along an axis as a table, with the slope of each column on logarithmic scales: 1 is as much again for as much again.
import { spreadOf } from '../../dist/bench/timing.js';
import { formatTable } from '../../dist/summary/table.js';
import { AXES } from './axes.js';

const STAGES = { drawing: 'drawing, s', preparing: 'preparing, s', work: 'work, s' };

/** Medians over the rounds at each point of an axis that was measured. */
export function mediansOf(axis, measurements) {
  const own = measurements.filter((one) => one.axis === axis);
  const values = [...new Set(own.map(({ value }) => value))].sort((a, b) => a - b);
  return values.map((value) => {
    const here = own.filter((one) => one.value === value);
    const spread = (of) => spreadOf(here.map(of));
    const known = Object.keys(STAGES).filter((stage) => here[0].stages[stage] !== undefined);
    return {
      value,
      // The axis of parameters goes by what the filters make of them.
      x: axis === 'parameters' ? here[0].parameters : value,
      rounds: here.length,
      stages: Object.fromEntries(known.map((stage) => [stage, spread(({ stages }) => stages[stage])])),
      peakBytes: spread(({ peakBytes }) => peakBytes),
    };
  });
}

/** The least-squares slope of log y over log x; `null` for fewer than two points. */
export function slopeOf(xs, ys) {
  const [logX, logY] = [xs, ys].map((values) => values.map(Math.log));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(logX), mean(logY)];
  const covariance = logX.reduce((sum, x, i) => sum + (x - middleX) * (logY[i] - middleY), 0);
  const variance = logX.reduce((sum, x) => sum + (x - middleX) ** 2, 0);
  return variance === 0 ? null : covariance / variance;
}

/** The slopes of an axis by column. */
export function slopesOf(medians) {
  const xs = medians.map(({ x }) => x);
  const slope = (of) => slopeOf(xs, medians.map(of));
  const stages = Object.keys(medians[0].stages).map((stage) => [
    stage,
    slope((one) => one.stages[stage].median),
  ]);
  return { ...Object.fromEntries(stages), memory: slope((one) => one.peakBytes.median) };
}

export function growthTables(measurements) {
  const axes = Object.keys(AXES).filter((axis) => measurements.some((one) => one.axis === axis));
  return axes.map((axis) => tableOf(axis, mediansOf(axis, measurements))).join('\n\n\n');
}

function tableOf(axis, medians) {
  const { unit, about } = AXES[axis];
  const stages = Object.keys(medians[0].stages);
  const columns = [
    { title: unit },
    ...(axis === 'parameters' ? [{ title: 'parameters' }] : []),
    ...stages.map((stage) => ({ title: STAGES[stage] })),
    { title: 'least to most' },
    { title: 'peak, MB' },
  ];
  const slopes = slopesOf(medians);
  const shown = (slope) => (slope === null ? '' : slope.toFixed(2));
  const rows = medians.map(({ value, x, stages: times, peakBytes }) => [
    whole(value),
    ...(axis === 'parameters' ? [whole(x)] : []),
    ...stages.map((stage) => times[stage].median.toFixed(2)),
    `${times.work.minimum.toFixed(2)} to ${times.work.maximum.toFixed(2)}`,
    (peakBytes.median / 1e6).toFixed(0),
  ]);
  const last = [
    'slope',
    ...(axis === 'parameters' ? [''] : []),
    ...stages.map((stage) => shown(slopes[stage])),
    '',
    shown(slopes.memory),
  ];
  const [first, end] = [medians[0], medians[medians.length - 1]];
  const perUnit = (end.peakBytes.median - first.peakBytes.median) / (end.x - first.x) / 1e3;
  const each = axis === 'parameters' ? 'parameter' : unit;
  const memory =
    medians.length > 1 ? [`${perUnit.toFixed(2)} kB of memory more for one more of: ${each}`] : [];
  const title = `${axis}: ${about}, medians of ${Math.min(...medians.map(({ rounds }) => rounds))}`;
  return [title, '', formatTable(columns, [...rows, last]), ...memory].join('\n');
}

function whole(value) {
  return value.toLocaleString('en-US');
}
