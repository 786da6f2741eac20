import {
  type KernelRecord,
  type KernelsRecord,
  kernelsBenchmark,
} from '../../bench/kernels/kernels-benchmark.ts';
import { measureLimits } from '../../bench/kernels/limits.ts';
import { MEASURED_NETWORKS } from '../../bench/kernels/measured-networks.ts';
import { openEngine } from '../../nn/engine.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import { formatTable } from '../../summary/table.ts';
import type { KernelsAnswer } from '../answers.ts';
import type { CommandResult } from '../command.ts';

/** The networks that a command line can name. */
export const KERNELS_NETWORKS = Object.keys(MEASURED_NETWORKS) as (keyof typeof MEASURED_NETWORKS)[];

const TIMING = { rounds: 7, seconds: 0.003 };
const ROUNDS = 31;
/** Kernels with less of the time share one line of the table. */
const SMALL = 0.005;
/** Below this share of its limit a kernel is far from it. */
const FAR = 0.5;
/** Kernels that the text names, at most. */
const NAMED = 5;

/** Measures the kernels of training steps, network after network. */
export async function benchKernels(
  engines: readonly string[],
  network: string | undefined,
): Promise<CommandResult<KernelsAnswer>> {
  const records: KernelsRecord[] = [];
  for (const name of engines) {
    const engine = await openEngine(name);
    const limits = measureLimits(engine, TIMING);
    for (const one of KERNELS_NETWORKS.filter((known) => network === undefined || known === network)) {
      records.push(kernelsBenchmark(engine, MEASURED_NETWORKS[one](), limits, ROUNDS));
    }
  }
  return { json: { networks: records }, text: records.map(describe).join('\n\n\n') };
}

function describe(record: KernelsRecord): string {
  const { engine, variant, network, parameters, batchSize, rounds, kernelMilliseconds, kernels } = record;
  const isSmall = ({ milliseconds }: KernelRecord) => milliseconds < SMALL * kernelMilliseconds;
  const [small, large] = [kernels.filter(isSmall), kernels.filter((one) => !isSmall(one))];
  const rest = small.length > 0 ? [restOf(small)] : [];
  return [
    `${network}, ${formatCount(parameters)} parameters: training steps on ${batchSize} faces, ${engine}:${variant}, one core, ` +
      `medians of ${rounds}`,
    `a step takes ${milliseconds(record.stepMilliseconds)} ms, its kernels one by one ${milliseconds(kernelMilliseconds)} ms`,
    `multiply-adds in registers reach ${record.peakGflops.toFixed(0)} GFLOP/s, arrays ${bandwidthsOf(record)}`,
    '',
    formatTable(COLUMNS, [...large.map(rowOf), ...rest]),
    '',
    ...verdict(record),
  ].join('\n');
}

const COLUMNS = [
  { title: 'kernel', align: 'left' },
  { title: 'shape', align: 'left' },
  { title: 'calls' },
  { title: 'MFLOP' },
  { title: 'MB' },
  { title: 'ms' },
  { title: 'GFLOP/s' },
  { title: 'GB/s' },
  { title: 'bound by', align: 'left' },
  { title: 'of limit' },
  { title: 'lost ms' },
] as const;

function rowOf(kernel: KernelRecord): string[] {
  return [
    kernel.kernel.replaceAll('_', ' '),
    kernel.shape,
    `${kernel.calls}`,
    (kernel.flop / 1e6).toFixed(1),
    (kernel.bytes / 1e6).toFixed(2),
    milliseconds(kernel.milliseconds),
    kernel.gflops.toFixed(1),
    kernel.gigabytesPerSecond.toFixed(1),
    kernel.bound,
    kernel.share === null ? '' : formatShare(kernel.share, { digits: 0 }),
    milliseconds(kernel.lostMilliseconds),
  ];
}

function restOf(kernels: readonly KernelRecord[]): string[] {
  const sum = (field: 'calls' | 'flop' | 'bytes' | 'milliseconds' | 'lostMilliseconds') =>
    kernels.reduce((total, kernel) => total + kernel[field], 0);
  const [flop, bytes] = [sum('flop') / 1e6, sum('bytes') / 1e6];
  return [
    `${kernels.length} others`,
    '',
    `${sum('calls')}`,
    flop.toFixed(1),
    bytes.toFixed(2),
    milliseconds(sum('milliseconds')),
    '',
    '',
    '',
    '',
    milliseconds(sum('lostMilliseconds')),
  ];
}

/** Says in words which kernels are far from their limit. */
function verdict({ kernels, kernelMilliseconds }: KernelsRecord): string[] {
  const lost = kernels.reduce((sum, { lostMilliseconds }) => sum + lostMilliseconds, 0);
  const far = kernels.filter(
    ({ share, milliseconds }) => share !== null && share < FAR && milliseconds >= SMALL * kernelMilliseconds,
  );
  const all = `at the limit, the kernels would take ${milliseconds(kernelMilliseconds - lost)} ms`;
  if (far.length === 0) return [`${all}; none that takes time is below half of its limit`];
  const named = far.slice(0, NAMED).map(({ kernel, shape, share, bound, lostMilliseconds }) => {
    const limit = bound === 'arithmetic' ? 'multiply-adds allow' : 'memory traffic allows';
    const part = `${formatShare(lostMilliseconds / kernelMilliseconds)} of the time`;
    return `  ${kernel.replaceAll('_', ' ')}, ${shape}: ${formatShare(share ?? 0, { digits: 0 })} of what its ${limit}, loses ${part}`;
  });
  const more = far.length > NAMED ? [`  and ${far.length - NAMED} more`] : [];
  return [`${all}; far from it, below half:`, ...named, ...more];
}

function bandwidthsOf({ bandwidths }: KernelsRecord): string {
  const parts = [2 ** 14, 2 ** 18, 2 ** 22, 2 ** 26].map((bytes) => {
    const found = bandwidths.find((one) => one.bytes === bytes);
    const size = bytes < 2 ** 20 ? `${bytes / 2 ** 10} KiB` : `${bytes / 2 ** 20} MiB`;
    return `${found?.gigabytesPerSecond.toFixed(0)} GB/s in ${size}`;
  });
  return parts.join(', ');
}

function milliseconds(value: number): string {
  return value.toFixed(value < 1 ? 3 : 2);
}
