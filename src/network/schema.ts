import * as z from 'zod';
import type { NetworkSpec } from './spec.ts';

const MAX_SIDE = 4096;
/** The largest network of the zoo has 54. Recursion along a chain of this many layers does not exhaust the stack. */
const MAX_LAYERS = 1024;

const name = z.string().min(1).max(200);
const count = z.int().min(1).max(1_000_000);
const side = z.int().min(1).max(MAX_SIDE);
const coordinate = z.int().min(0).max(MAX_SIDE);
const size = z.tuple([side, side]);
const unary = { name, input: name };
const weighted = { ...unary, bias: z.boolean(), shares: name.optional() };
const window = { stride: side, padding: z.enum(['same', 'valid']) };

const layer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('crop'),
    name,
    x: coordinate,
    y: coordinate,
    width: side,
    height: side,
    mirror: z.boolean(),
    levels: z.enum(['signed', 'raw']).optional(),
  }),
  z.strictObject({ kind: z.literal('resize'), ...unary, height: side, width: side }),
  z.strictObject({
    kind: z.literal('conv2d'),
    ...weighted,
    ...window,
    filters: count,
    kernel: size,
    l2: z.number().min(0).max(1).optional(),
  }),
  z.strictObject({ kind: z.literal('depthwise-conv2d'), ...weighted, ...window, kernel: size }),
  z.strictObject({ kind: z.literal('dense'), ...weighted, units: count }),
  z.strictObject({ kind: z.literal('relu'), ...unary }),
  z.strictObject({ kind: z.enum(['max-pool', 'average-pool']), ...unary, ...window, size }),
  z.strictObject({ kind: z.literal('global-average-pool'), ...unary }),
  z.strictObject({
    kind: z.literal('batch-normalization'),
    ...unary,
    statistics: z.enum(['batch', 'block']),
    shares: name.optional(),
  }),
  z.strictObject({ kind: z.literal('dropout'), ...unary, rate: z.number().min(0).lt(1) }),
  z.strictObject({ kind: z.literal('quantize'), ...unary, scale: z.number(), zero: z.int() }),
  z.strictObject({ kind: z.enum(['add', 'concatenate']), name, inputs: z.array(name).min(1).max(1024) }),
  z.strictObject({ kind: z.literal('flatten'), ...unary }),
]);

/** The form of a network spec from outside; `describeNetwork` checks that its layers fit together. */
export const networkSpecSchema = z.strictObject({
  name: z.string().max(200),
  frameSize: side,
  classes: z.int().min(1).max(256),
  layers: z.array(layer).min(1).max(MAX_LAYERS),
}) satisfies z.ZodType<NetworkSpec>;
