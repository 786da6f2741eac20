import * as z from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { parseStrictJson } from '../core/strict-json.ts';

/** An array of 32-bit floats in reading order. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Content of a `.safetensors` file: strings by name, and arrays by name. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** Bytes of the header's length. */
export const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
export const MAX_HEADER_BYTES = 1 << 22;
const FLOAT_BYTES = 4;

const entrySchema = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.array(z.int().min(0)).max(8),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()).default({}) })
  .catchall(entrySchema);

/**
 * Encodes the container: the header's length as 64 bits, the header as JSON padded with spaces, then the arrays one
 * after another, sorted by name; all little-endian. Equal contents give equal bytes.
 */
export function encodeSafetensors({ metadata, tensors }: Safetensors): Uint8Array {
  const names = [...tensors.keys()].sort();
  const entries: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const name of names) {
    const { shape, values } = tensors.get(name) as NamedTensor;
    entries[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.length * FLOAT_BYTES] };
    end += values.length * FLOAT_BYTES;
  }
  const json = new TextEncoder().encode(canonicalJson(entries));
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + length + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + length);
  bytes.set(json, LENGTH_BYTES);
  let offset = LENGTH_BYTES + length;
  for (const name of names) {
    for (const value of (tensors.get(name) as NamedTensor).values) {
      view.setFloat32(offset, value, true);
      offset += FLOAT_BYTES;
    }
  }
  return bytes;
}

/**
 * Decodes the container, which may hold 32-bit floats only. The arrays must cover the data without gap or overlap, and
 * every number must be finite.
 *
 * @throws EvopatchError `INVALID_MODEL` or `INVALID_DATA` that says what is wrong, without the name of the file.
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { start, metadata, entries } = decodeHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sorted = Object.entries(entries).sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  const tensors = new Map<string, NamedTensor>();
  let end = 0;
  for (const [name, { shape, data_offsets: offsets }] of sorted) {
    const values = shape.reduce((a, b) => a * b, 1);
    if (
      offsets[0] !== end ||
      offsets[1] !== end + values * FLOAT_BYTES ||
      start + offsets[1] > bytes.length
    ) {
      throw invalid(`the offsets of '${name}' do not fit its shape, its neighbours or the file`, offsets);
    }
    end = offsets[1];
    tensors.set(name, { shape, values: readFloats(view, start + offsets[0], values, name) });
  }
  if (start + end !== bytes.length) {
    throw invalid(`the file should have ${start + end} bytes`, bytes.length);
  }
  return { metadata, tensors };
}

/** Decodes the header and finds where the arrays start; `bytes` may end there. @throws EvopatchError `INVALID_MODEL` */
export function decodeHeader(bytes: Uint8Array) {
  const start = LENGTH_BYTES + headerLength(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const json = decodeText(bytes.subarray(LENGTH_BYTES, start));
  const { __metadata__: metadata, ...entries } = parse(headerSchema, parseStrictJson(json), 'INVALID_MODEL');
  return { start, metadata, entries };
}

function headerLength(view: DataView): number {
  if (view.byteLength < LENGTH_BYTES) throw invalid('the file is too short for a header', view.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES)
    throw invalid(`the header may have at most ${MAX_HEADER_BYTES} bytes`, `${length}`);
  if (LENGTH_BYTES + Number(length) > view.byteLength) {
    throw invalid(`the file ends within its header of ${length} bytes`, view.byteLength);
  }
  return Number(length);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new EvopatchError('INVALID_MODEL', 'the header is not UTF-8', {}, cause);
  }
}

function readFloats(view: DataView, start: number, count: number, name: string): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = view.getFloat32(start + i * FLOAT_BYTES, true);
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw invalid(`'${name}' holds a number that is not finite`, String(wrong));
  return values;
}

function invalid(problem: string, given: unknown): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, { given });
}
