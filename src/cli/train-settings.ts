import { EvopatchError } from '../core/errors.ts';
import { type TrainingConfig, trainingConfig } from '../nn/training-config.ts';
import { MODEL_TRAINING } from '../training/train-model.ts';
import type { TrainValues } from './train-options.ts';

/**
 * How a network is to be trained, as the library takes it.
 *
 * @throws EvopatchError `INVALID_OPTION` that names the option as it was typed.
 */
export function trainSettings(values: TrainValues): TrainingConfig {
  const given = {
    epochs: values.epochs,
    initialization: values.initialization === 'glorot' ? ('glorot' as const) : undefined,
    batchSize: values['batch-size'],
    optimizer: values.optimizer as TrainingConfig['optimizer'] | undefined,
    learningRate: values['learning-rate'],
    schedule: values.schedule as TrainingConfig['schedule'] | undefined,
    weightDecay: values['weight-decay'],
    patience: values.patience,
    averaging: values.averaging,
    classWeights: values['class-weights'] ? ('balanced' as const) : undefined,
    flip: !values['no-flip'],
    shift: values.shift,
    rotation: values.rotation,
    zoom: values.zoom,
  };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  try {
    return trainingConfig({ ...MODEL_TRAINING, ...Object.fromEntries(known) });
  } catch (cause) {
    throw asTyped(cause);
  }
}

/** An error with the option that it is about as the user typed it: `learningRate` is `--learning-rate`. */
export function asTyped(cause: unknown): unknown {
  if (!(cause instanceof EvopatchError) || cause.code !== 'INVALID_OPTION') return cause;
  const { option } = cause.data;
  if (option === undefined) return cause;
  const typed = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return new EvopatchError(cause.code, cause.problem, { ...cause.data, option: typed }, cause);
}
