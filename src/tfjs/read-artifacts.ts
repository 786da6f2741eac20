import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import type { NamedTensor } from '../nn/safetensors.ts';

/** A layers model that is not checked yet, as `ModelArtifacts` of TensorFlow.js' `tf.io`. */
export interface LoadedLayersModel {
  readonly modelTopology?: object;
  readonly weightSpecs?: readonly unknown[];
  readonly weightData?: ArrayBuffer | ArrayBuffer[];
  readonly userDefinedMetadata?: unknown;
}

const FLOAT_BYTES = 4;

const specSchema = z.object({
  name: z.string().min(1).max(500),
  shape: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 31),
    )
    .max(8),
  dtype: z.string(),
  quantization: z.unknown().optional(),
  group: z.string().optional(),
});

/**
 * Decodes the arrays of a layers model, without those of an optimiser.
 *
 * @throws EvopatchError `INVALID_MODEL` if they are quantised, not 32-bit floats or not finite, if their number is another, or if their
 * descriptions are no list or their bytes no buffers.
 */
export function readArrays({
  weightSpecs = [],
  weightData = [],
}: LoadedLayersModel): Map<string, NamedTensor> {
  if (!Array.isArray(weightSpecs)) throw invalid('the weightSpecs must be a list', typeof weightSpecs);
  const parts = [weightData].flat();
  if (!parts.every((part) => part instanceof ArrayBuffer)) {
    throw invalid('the weightData must be an ArrayBuffer, or a list of them', typeof weightData);
  }
  const bytes = Buffer.concat(parts.map((part) => new Uint8Array(part)));
  const tensors = new Map<string, NamedTensor>();
  let offset = 0;
  for (const value of weightSpecs) {
    const spec = parse(specSchema, value, 'INVALID_MODEL');
    const { name, shape, dtype, quantization } = spec;
    if (quantization !== undefined) {
      const hint = 'Convert the model again without quantisation';
      throw invalid(`the weights '${name}' are quantised, and their digits are lost`, dtype, hint);
    }
    if (dtype !== 'float32') throw invalid(`the weights '${name}' must be of 32-bit floats`, dtype);
    if (tensors.has(name)) throw invalid('there are two weights of this name', name);
    const length = shape.reduce((a, b) => a * b, 1);
    if (offset + length * FLOAT_BYTES > bytes.length) {
      throw invalid(`the weights end within '${name}'`, `${bytes.length} bytes`, 'A file may be cut short');
    }
    const values = Float32Array.from({ length }, (_, i) => bytes.readFloatLE(offset + i * FLOAT_BYTES));
    if (!values.every(Number.isFinite)) throw invalid('the weights hold a number that is not finite', name);
    offset += length * FLOAT_BYTES;
    if (spec.group !== 'optimizer') tensors.set(name, { shape, values });
  }
  if (offset !== bytes.length) {
    throw invalid(`the weights should have ${offset} bytes`, bytes.length);
  }
  return tensors;
}

function invalid(problem: string, given: unknown, hint?: string): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, { given, ...(hint && { hint }) });
}
