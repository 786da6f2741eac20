import { EvopatchError } from '../core/errors.ts';

/** A figure that somebody else published of a network, and what it was measured on. */
export interface PublishedFigure {
  readonly accuracy: string;
  readonly note: string;
}

/** A network of the study, and how it is trained beside what is the same for all: epochs, seeds, flip and shift. */
export interface StudyRow {
  /** As `--rows` names it. */
  readonly name: string;
  readonly title: string;
  /** A network of the zoo, or the most accurate genome of the runs with at most so many parameters. */
  readonly subject: { readonly network: string } | { readonly atMost: number };
  /** Further options of `evopatch train`. */
  readonly options: readonly string[];
  /** Epochs, as a multiple of those asked for. */
  readonly epochs: number;
  /** The row that is trained without the teacher, where this one is with it. */
  readonly alone?: string;
  readonly published?: PublishedFigure;
}

/** Rows whose models make the teacher together. */
export const TEACHER_ROWS: readonly string[] = ['baseline', 'ferDeep', 'miniXception'];

/** Adam, Xavier's weights and a small constant rate, as published; it needs more epochs for that. */
const MICRO = {
  subject: { network: 'microExpNet' },
  options: [
    ...['--initialization', 'glorot', '--learning-rate', '0.0001'],
    ...['--schedule', 'constant', '--weight-decay', '0'],
  ],
  epochs: 4,
} as const;
const TINY = { subject: { atMost: 20_000 }, options: [], epochs: 1 } as const;

/** MicroExpNet's loss and choice; and a form whose teacher counts as much as at a temperature of 1. */
const DISTILLATIONS = [
  { name: 'distilled', title: 'distilled (T 8, λ 0.5)', options: ['--temperature', '8', '--mixing', '0.5'] },
  {
    name: 'distilled-squared',
    title: 'distilled (T 4, λ 0.7, · T²)',
    options: ['--temperature', '4', '--mixing', '0.7', '--squared'],
  },
] as const;

function withDistilled(row: StudyRow): StudyRow[] {
  const { published: _, ...recipe } = row;
  const taught = DISTILLATIONS.map(({ name, title, options }) => ({
    ...recipe,
    name: `${row.name}-${name}`,
    title: `${row.title}, ${title}`,
    options: [...row.options, ...options],
    alone: row.name,
  }));
  return [row, ...taught];
}

const XCEPTION_NOTE = 'PublicTest and PrivateTest together, which also chose the epoch';

/** All rows, as the table shows them. */
export const STUDY_ROWS: readonly StudyRow[] = [
  {
    name: 'baseline',
    title: 'full-face baseline (ours)',
    subject: { network: 'baseline' },
    options: [],
    epochs: 1,
  },
  {
    name: 'ferDeep',
    title: 'deep CNN of Bokanyi & Meszegeto (widths ours)',
    subject: { network: 'ferDeep' },
    options: [],
    epochs: 1,
    published: { accuracy: '66.5 %', note: 'a test split that is not described' },
  },
  {
    name: 'agrawalMittal',
    title: 'Agrawal & Mittal 2020',
    subject: { network: 'agrawalMittal' },
    options: [],
    epochs: 1 / 6,
    published: {
      accuracy: '65 %; 63.4 %',
      note: 'its abstract; as rebuilt by Bokanyi & Meszegeto, on a split that is not described',
    },
  },
  {
    name: 'miniXception',
    title: 'mini-Xception (Arriaga et al. 2017)',
    subject: { network: 'miniXception' },
    options: [],
    epochs: 1,
    published: { accuracy: '66 %', note: XCEPTION_NOTE },
  },
  {
    name: 'tinyXception',
    title: 'tiny-Xception (the same authors)',
    subject: { network: 'tinyXception' },
    options: [],
    epochs: 1,
  },
  ...withDistilled({ name: 'microExpNet', title: 'MicroExpNet XXS (Cugu et al. 2019)', ...MICRO }),
  {
    name: 'evolved-100k',
    title: 'evolved, ≤ 100k',
    subject: { atMost: 100_000 },
    options: [],
    epochs: 1,
  },
  { name: 'evolved-60k', title: 'evolved, ≤ 60k', subject: { atMost: 60_000 }, options: [], epochs: 1 },
  ...withDistilled({ name: 'evolved-20k', title: 'evolved, ≤ 20k', ...TINY }),
];

/** Published figures of networks that are not trained here, for scale. */
export const PUBLISHED_ONLY: readonly (PublishedFigure & {
  readonly title: string;
  readonly parameters: string;
})[] = [
  { title: 'people', parameters: '', accuracy: '65 ± 5 %', note: 'Goodfellow et al. 2013' },
  {
    title: 'ShiftNet',
    parameters: '180 k',
    accuracy: '60.1 %',
    note: 'repository efficient-emotion-detection; split not checked',
  },
  {
    title: 'TinyFER-Lite (pre-trained on ImageNet)',
    parameters: '932,202',
    accuracy: '67.1 %',
    note: 'engrXiv 7466; PrivateTest, chosen by validation rows',
  },
  {
    title: 'Tang, winner of 2013',
    parameters: 'about 5 M',
    accuracy: '71.2 %',
    note: 'PrivateTest of the competition',
  },
];

/**
 * The rows with these names, in the order of the table; all of them where none are given.
 *
 * @throws EvopatchError `INVALID_OPTION` for a name that no row has.
 */
export function studyRows(names?: readonly string[]): StudyRow[] {
  const known = STUDY_ROWS.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const hint = `Known: ${known.join(', ')}`;
    throw new EvopatchError('INVALID_OPTION', 'there is no such row', {
      option: '--rows',
      given: unknown,
      hint,
    });
  }
  return STUDY_ROWS.filter(({ name }) => names?.includes(name) ?? true);
}
