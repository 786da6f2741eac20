import * as z from 'zod';
import { parse } from '../core/parse.ts';
import type { Evaluation } from './evaluation.ts';

/** Any number, also the four that JSON lacks. */
const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity', '-0']).transform(Number)]);
const count = z.int().min(0);

const recordSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('ok'),
    loss: number,
    accuracy: z.number().min(0).max(1),
    parameters: count,
    macs: count,
    epochs: z.array(
      z.object({
        epoch: count,
        trainingLoss: number,
        learningRate: number,
        validationLoss: number.optional(),
      }),
    ),
    /** Bytes in base 64. */
    predictions: z.base64(),
    /** Whether the evaluation has weights, which are stored elsewhere. */
    weights: z.literal(true).optional(),
  }),
  z.object({
    status: z.literal('failed'),
    reason: z.enum(['error', 'diverged', 'crash', 'out-of-memory', 'time-out']),
    message: z.string(),
  }),
]);

/** An evaluation as JSON, without the weights and without the state of the training. */
export type EvaluationJson = z.input<typeof recordSchema>;

export function evaluationToJson(evaluation: Evaluation): EvaluationJson {
  if (evaluation.status === 'failed') return evaluation;
  const { status, loss, accuracy, parameters, macs, history, predictions, weights } = evaluation;
  return {
    status,
    loss: writeNumber(loss),
    accuracy,
    parameters,
    macs,
    epochs: history.map(({ epoch, trainingLoss, learningRate, validationLoss }) => ({
      epoch,
      trainingLoss: writeNumber(trainingLoss),
      learningRate: writeNumber(learningRate),
      ...(validationLoss === undefined ? {} : { validationLoss: writeNumber(validationLoss) }),
    })),
    predictions: Buffer.from(predictions).toString('base64'),
    ...(weights === undefined ? {} : { weights: true }),
  };
}

/**
 * Reads an evaluation exactly as it was written, and ignores further fields of the value.
 *
 * @returns the evaluation without its weights, and whether it had some
 * @throws EvopatchError `INVALID_DATA`.
 */
export function evaluationFromJson(value: unknown): { evaluation: Evaluation; hasWeights: boolean } {
  const record = parse(recordSchema, value, 'INVALID_DATA');
  if (record.status === 'failed') return { evaluation: record, hasWeights: false };
  const { epochs, predictions, weights, ...scores } = record;
  const evaluation: Evaluation = {
    ...scores,
    error: 1 - scores.accuracy,
    history: epochs.map((epoch) => ({ ...epoch, validationLoss: epoch.validationLoss })), // as a training has it
    predictions: new Uint8Array(Buffer.from(predictions, 'base64')),
  };
  return { evaluation, hasWeights: weights === true };
}

function writeNumber(value: number): z.input<typeof number> {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return Object.is(value, -0) ? '-0' : (String(value) as 'NaN' | 'Infinity' | '-Infinity');
}
