import { resolve } from 'node:path';
import { z } from 'zod';
import { type TeacherOptions, teacherSchema } from '../distillation/open-teacher.ts';
import { option } from './option.ts';

/** Options that a search and a training share. */

export const SEED = option(z.string().min(1).default('evopatch'), {
  flag: { help: 'Seed of everything random; equal seeds give equal results.' },
});

export const ENGINE = option(
  z
    .string()
    .regex(/^(auto|(native|wasm)(:\w+)?)$/, "must be 'auto', 'native' or 'wasm'")
    .default('auto'),
  {
    flag: {
      placeholder: 'NAME',
      help: "What runs the networks: 'auto', 'native' or 'wasm', or one variant as in 'native:avx2'.",
      default: 'native where it was built, else wasm',
    },
    changesResult: false,
    resume: true,
  },
);

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
            'A model or an ensemble to learn from beside the labels (distillation); it must have been trained on the ' +
            'training rows of the same data.',
          read: (word) => resolve(word),
        },
      }),
      temperature: option(temperature, {
        flag: {
          placeholder: 'T',
          help: 'What the logits of both are divided by; larger shows more of what the teacher also thought of',
        },
      }),
      mixing: option(mixing, {
        flag: { placeholder: 'SHARE', help: "The teacher's share of the loss; the rest is the labels'" },
      }),
      squared: option(squared, {
        flag: {
          help: "Multiply the teacher's part by T², which keeps its gradient as large at any temperature.",
        },
      }),
    },
  },
);
