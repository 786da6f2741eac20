import { macCount, parameterCount } from '../../network/describe.ts';
import type { NetworkSpec } from '../../network/spec.ts';
import type { Engine } from '../../nn/engine.ts';
import { LANES } from '../../nn/layout.ts';
import { encodeProgram, type StepName } from '../../nn/program.ts';
import { Session } from '../../nn/session.ts';
import { spreadOf } from '../timing.ts';
import { BATCH_SIZE, MEASURED_TRAINING, trainingSteps } from '../workload.ts';
import { type KernelWork, workOf } from './kernel-work.ts';
import { bandwidthOf, type Limits } from './limits.ts';
import { callsOf, type StepCall, withRoom } from './step-calls.ts';
import { shapeOf } from './step-shape.ts';

/** A kernel on tensors of one shape, in a training step of a network. */
export interface KernelRecord {
  readonly kernel: StepName;
  /** Its tensors as channels×height×width, its window or its count. */
  readonly shape: string;
  /** Calls in a training step: four for each step of a block, one for each step of the batch. */
  readonly calls: number;
  /** Floating-point operations of all these calls that matter: taps on padding do not. */
  readonly flop: number;
  /** Compulsory traffic of all calls: what they read or write, once. */
  readonly bytes: number;
  /** Time of all calls: of each, the median over the rounds. */
  readonly milliseconds: number;
  readonly gflops: number;
  readonly gigabytesPerSecond: number;
  /** What the roofline says that it waits for: multiply-adds, or the traffic of arrays of its size. */
  readonly bound: 'arithmetic' | 'memory';
  /** 10⁹ bytes per second that arrays of its size can reach. */
  readonly bandwidth: number;
  /** Its speed over that of the roofline; `null` where calls are too short to be measured. */
  readonly share: number | null;
  /** The time above that of the roofline. */
  readonly lostMilliseconds: number;
}

/** Where the time of a training step goes, and how far each kernel is from what this core can do. */
export interface KernelsRecord extends Limits {
  readonly engine: Engine['name'];
  readonly variant: string;
  readonly numerics: Engine['numerics'];
  readonly network: string;
  readonly parameters: number;
  readonly macs: number;
  readonly batchSize: number;
  readonly rounds: number;
  /** Median of a whole training step, which runs as one program and prepares its faces too. */
  readonly stepMilliseconds: number;
  /** Sum over the kernels. */
  readonly kernelMilliseconds: number;
  /** The most lost time first. */
  readonly kernels: readonly KernelRecord[];
}

/** A shorter call cannot be told from the time of its clock, milliseconds. */
const RESOLUTION = 1e-3;
const WARM_UP_ROUNDS = 3;
const EMPTY_CALLS = 101;

/** The calls of one kernel on one shape. */
interface Group extends KernelWork {
  readonly kernel: StepName;
  readonly shape: string;
  readonly calls: number;
  readonly milliseconds: number;
  /** The largest bandwidth that the traffic of one call can have, 10⁹ bytes per second. */
  readonly bandwidth: number;
}

/**
 * Times each step of a compiled training step by itself, in the program's order and on its memory, so that the caches hold what
 * they hold in training. Runs of the whole program take turns with that.
 *
 * @param limits as `measureLimits` found them on the same core
 * @throws EvopatchError `ENGINE_UNAVAILABLE` for an engine without kernels
 */
export function kernelsBenchmark(
  engine: Engine,
  spec: NetworkSpec,
  limits: Limits,
  rounds: number,
): KernelsRecord {
  const { engine: roomy, write, run } = withRoom(engine);
  const session = new Session(roomy, spec, BATCH_SIZE, MEASURED_TRAINING);
  const train = trainingSteps(session, spec);
  const blocks = BATCH_SIZE / LANES;
  const { trainSteps, tensors } = session.plan;
  const calls = callsOf(trainSteps, blocks);

  const timeOf = (program: Int32Array) => {
    write(program);
    const start = performance.now();
    run(tensors, blocks);
    return performance.now() - start;
  };
  const whole: number[] = [];
  const times = calls.map((): number[] => []);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const start = performance.now();
    train();
    const wholeTime = performance.now() - start;
    const empty = spreadOf(Array.from({ length: EMPTY_CALLS }, () => timeOf(EMPTY))).median;
    const own = calls.map(({ program }) => Math.max(timeOf(program) - empty, 0));
    if (round < 0) continue;
    whole.push(wholeTime);
    for (const [i, time] of own.entries()) times[i].push(time);
  }
  const medians = times.map((own) => spreadOf(own).median);
  const kernels = groupsOf(calls, medians, blocks, limits).map((group) => recordOf(group, limits));
  return {
    engine: engine.name,
    variant: engine.variant,
    numerics: engine.numerics,
    network: spec.name,
    parameters: parameterCount(spec),
    macs: macCount(spec),
    batchSize: BATCH_SIZE,
    rounds,
    ...limits,
    stepMilliseconds: spreadOf(whole).median,
    kernelMilliseconds: kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    kernels: kernels.sort((a, b) => b.lostMilliseconds - a.lostMilliseconds),
  };
}

/** Groups calls by kernel and shape; adds up their work and their times. */
function groupsOf(
  calls: readonly StepCall[],
  milliseconds: readonly number[],
  blocks: number,
  limits: Limits,
): Group[] {
  const groups = new Map<string, Group>();
  for (const [i, { step }] of calls.entries()) {
    const shape = shapeOf(step);
    const { flop, bytes } = workOf(step, blocks);
    const known = groups.get(`${step.name} ${shape}`);
    groups.set(`${step.name} ${shape}`, {
      kernel: step.name,
      shape,
      calls: (known?.calls ?? 0) + 1,
      milliseconds: (known?.milliseconds ?? 0) + milliseconds[i],
      flop: (known?.flop ?? 0) + flop,
      bytes: (known?.bytes ?? 0) + bytes,
      bandwidth: Math.max(known?.bandwidth ?? 0, bandwidthOf(limits, bytes)),
    });
  }
  return [...groups.values()];
}

/** Sets the time of a group beside that of the roofline (Williams, Waterman & Patterson 2009). */
function recordOf(group: Group, { peakGflops }: Limits): KernelRecord {
  const { kernel, shape, calls, milliseconds, flop, bytes, bandwidth } = group;
  const arithmetic = flop / peakGflops / 1e6;
  const memory = bytes / bandwidth / 1e6;
  const least = Math.max(arithmetic, memory);
  const rate = (count: number) => (milliseconds === 0 ? 0 : count / milliseconds / 1e6);
  return {
    kernel,
    shape,
    calls,
    flop,
    bytes,
    milliseconds,
    gflops: rate(flop),
    gigabytesPerSecond: rate(bytes),
    bound: arithmetic > memory ? 'arithmetic' : 'memory',
    bandwidth,
    share: milliseconds < calls * RESOLUTION ? null : least / milliseconds,
    lostMilliseconds: Math.max(milliseconds - least, 0),
  };
}

const EMPTY = encodeProgram([]);
