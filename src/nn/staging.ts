import { EvopatchError } from '../core/errors.ts';
import type { Arena } from './arena.ts';
import { type Inputs, VIEW_WORDS } from './forward-steps.ts';
import { LANES, padToLanes } from './layout.ts';
import type { Parameter, Weights } from './parameters.ts';
import { frameStatistics, type Samples } from './samples.ts';
import { encodeView, UNCHANGED, type View } from './view.ts';

/** Options for writing samples into an arena. */
export interface Staging {
  /** One for each sample; samples without a view stay unchanged. */
  readonly views?: readonly View[];
  /** Factor on the normalised frames: 1 leaves a picture unchanged, 0 makes it uniform, of its mean grey. */
  readonly contrast?: number;
}

/** Writes frames, views and statistics into an arena; idle lanes of the last block repeat the last sample. */
export function stageSamples(
  arena: Arena,
  inputs: Inputs,
  samples: Samples,
  indices: Uint32Array,
  { views = [], contrast = 1 }: Staging = {},
): void {
  const lanes = padToLanes(indices.length);
  for (let i = 0; i < lanes; i++) {
    stageFrame(arena, inputs, samples, indices[Math.min(i, indices.length - 1)], i, contrast);
    arena.integers.set(encodeView(views[i] ?? UNCHANGED), inputs.samples + VIEW_WORDS * i);
  }
}

/** Writes the frame and statistics of one sample as number `i` of the batch. */
export function stageFrame(
  { bytes, floats }: Arena,
  inputs: Inputs,
  samples: Samples,
  sample: number,
  i = 0,
  contrast = 1,
): void {
  const pixels = inputs.frameSize ** 2;
  const statistics = frameStatistics(samples);
  bytes.set(samples.frames.subarray(sample * pixels, (sample + 1) * pixels), inputs.frames * 4 + i * pixels);
  const offset = inputs.statistics + Math.floor(i / LANES) * 2 * LANES + (i % LANES);
  floats[offset] = statistics[2 * sample];
  floats[offset + LANES] = statistics[2 * sample + 1] * contrast;
}

/** Copies arrays by name: the parameters, or the arrays `shift` words after them. */
export function readParameters(
  { floats }: Arena,
  parameters: readonly Parameter[],
  shift = 0,
): Map<string, Float32Array> {
  const arrays = new Map<string, Float32Array>();
  for (const parameter of parameters) {
    const values = new Float32Array(sizeOf(parameter));
    eachRow(parameter, (index, offset, length) =>
      values.set(floats.subarray(offset + shift, offset + shift + length), index),
    );
    arrays.set(parameter.name, values);
  }
  return arrays;
}

/** @throws EvopatchError `INVALID_MODEL` if an array is missing or has another length. */
export function writeWeights({ floats }: Arena, parameters: readonly Parameter[], weights: Weights): void {
  for (const parameter of parameters) {
    const values = weights.get(parameter.name);
    if (values?.length !== sizeOf(parameter)) {
      throw wrongArray(parameter.name, sizeOf(parameter), values?.length);
    }
    eachRow(parameter, (index, offset, length) => {
      floats.set(values.subarray(index, index + length), offset);
    });
  }
}

/** Makes the error for an array that is missing or has another length. */
export function wrongArray(name: string, needed: number, given: number | undefined): EvopatchError {
  const problem = `the network needs ${needed} numbers '${name}'`;
  return new EvopatchError('INVALID_MODEL', problem, { given: given ?? 'none' });
}

/** @throws EvopatchError `INVALID_OPTION` for a batch that is no multiple of 16. */
export function checkBatchSize(batchSize: number): void {
  if (Number.isInteger(batchSize / LANES) && batchSize >= LANES) return;
  throw new EvopatchError('INVALID_OPTION', 'the batch does not fill whole blocks', {
    option: 'batchSize',
    given: batchSize,
    hint: `Use a multiple of ${LANES}`,
  });
}

function sizeOf(parameter: Parameter): number {
  return parameter.shape.reduce((a, b) => a * b, 1);
}

/** Calls `visit` for each row of a parameter: its index in the array, its offset in the arena, its length. */
function eachRow(parameter: Parameter, visit: (index: number, offset: number, length: number) => void): void {
  const length = parameter.shape.at(-1) ?? 1;
  const rows = sizeOf(parameter) / length;
  for (let row = 0; row < rows; row++)
    visit(row * length, parameter.offset + row * parameter.rowStride, length);
}
