import { type TrainingConfig, trainingConfig } from '../nn/training-config.ts';
import { MODEL_TRAINING } from '../training/train-model.ts';
import type { TrainValues } from './train-options.ts';

/**
 * Makes the library's training options from those of the command.
 *
 * @throws EvopatchError `INVALID_OPTION`
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
  return trainingConfig({ ...MODEL_TRAINING, ...Object.fromEntries(known) });
}
