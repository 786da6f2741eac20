import { resolve } from 'node:path';
import * as z from 'zod';
import type { Dataset } from '../data/dataset.ts';
import { type TeacherOptions, teacherSchema } from '../distillation/open-teacher.ts';
import { ALIGNMENTS } from '../landmarks/alignment.ts';
import { convolutionSchema } from '../nn/training-config.ts';
import { option } from './option.ts';

// Options that a search and a training share.

export const DATASET = option(z.custom<Dataset>(isDataset, 'must be a data set, as from loadDataset()'), {
  recorded: false,
  resume: true,
});

export const SIGNAL = option(z.instanceof(AbortSignal).optional(), { recorded: false, resume: true });

export const SEED = option(z.string().min(1).default('evopatch'), {
  flag: { help: 'Seed of all random numbers; equal seeds give equal results.' },
});

export const ENGINE = option(
  z
    .string()
    .regex(
      /^(auto|(native|wasm|tfjs|tfjs-node)(:\w+)?)$/,
      "must be 'auto', 'native', 'wasm', 'tfjs-node' or 'tfjs'",
    )
    .default('auto'),
  {
    flag: {
      placeholder: 'NAME',
      help:
        "The engine that runs the networks: 'auto', 'native' or 'wasm', or one variant as in 'native:avx2'; or, where " +
        "the package is installed, TensorFlow.js: 'tfjs-node', or 'tfjs', which is slow.",
      default: 'native if it was built, else wasm',
    },
    changesResult: false,
    resume: true,
  },
);

export const CONVOLUTION = option(convolutionSchema.default('winograd'), {
  flag: {
    help:
      "How training computes convolutions of 3×3: 'winograd', with fewer multiplications, or 'direct', as earlier releases did; " +
      'the weights differ in their rounding.',
  },
});

const { file, temperature, mixing, squared } = teacherSchema.shape;

export const TEACHER = option(
  teacherSchema.optional() as z.ZodType<TeacherOptions | undefined, TeacherOptions | undefined>,
  {
    fields: {
      file: option(file, {
        flag: {
          name: 'teacher',
          placeholder: 'FILE',
          help:
            'A model or an ensemble whose outputs the networks also learn from (distillation); it must have been trained on ' +
            'the training rows of the same data.',
          read: (word) => resolve(word),
        },
      }),
      temperature: option(temperature, {
        flag: {
          placeholder: 'T',
          help: 'Divisor of the logits of both; a larger one shows more of the less probable classes',
        },
      }),
      mixing: option(mixing, {
        flag: { placeholder: 'SHARE', help: "The teacher's share of the loss; the labels have the rest" },
      }),
      squared: option(squared, {
        flag: {
          help: "Multiply the teacher's part by T², so that its gradient keeps its size at any temperature.",
        },
      }),
    },
  },
);

function isDataset(value: unknown): boolean {
  const { frames, labels, splits, classes, align, hash } = (value ?? {}) as Partial<Dataset>;
  return (
    frames instanceof Uint8Array &&
    labels instanceof Uint8Array &&
    splits instanceof Uint8Array &&
    Array.isArray(classes) &&
    (ALIGNMENTS as readonly unknown[]).includes(align) &&
    typeof hash === 'string'
  );
}
