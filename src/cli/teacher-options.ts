import { resolve } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import type { TeacherOptions } from '../distillation/open-teacher.ts';
import { readPredictor } from '../ensemble/ensemble-file.ts';
import { openEngine } from '../nn/engine.ts';
import type { OptionTable, OptionValues } from './command.ts';

/** Options of commands that train with a teacher. */
export const TEACHER_OPTIONS = {
  teacher: {
    kind: 'text',
    placeholder: 'FILE',
    input: 'file',
    check: async (file, engine) => {
      if (file !== undefined) await readPredictor(file, await openEngine(engine));
    },
    description:
      'A model or an ensemble to learn from beside the labels (distillation); it must have been trained on the training ' +
      'rows of the same data.',
  },
  temperature: {
    kind: 'number',
    placeholder: 'T',
    minimum: 0.01,
    maximum: 1000,
    description:
      'What the logits of both are divided by; larger shows more of what the teacher also thought of',
    default: '8',
  },
  mixing: {
    kind: 'number',
    placeholder: 'SHARE',
    minimum: 0,
    maximum: 1,
    description: "The teacher's share of the loss; the rest is the labels'",
    default: '0.5',
  },
  squared: {
    kind: 'flag',
    description: "Multiply the teacher's part by T², which keeps its gradient as large at any temperature.",
  },
} as const satisfies OptionTable;

/** @throws EvopatchError `INVALID_OPTION` where there are options of a teacher without one. */
export function teacherSettings(values: OptionValues<typeof TEACHER_OPTIONS>): TeacherOptions | undefined {
  const { teacher, temperature, mixing, squared } = values;
  if (teacher !== undefined) return { file: resolve(teacher), temperature, mixing, squared };
  const lonely = temperature !== undefined ? 'temperature' : mixing !== undefined ? 'mixing' : 'squared';
  if (values[lonely] === undefined || values[lonely] === false) return undefined;
  const hint = 'Give --teacher FILE';
  throw new EvopatchError('INVALID_OPTION', 'this option is for a teacher', { option: `--${lonely}`, hint });
}
