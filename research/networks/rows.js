import { EvopatchError } from '../../dist/core/errors.js';
import { ZOO } from '../../dist/zoo/zoo.js';

/**
 * A figure that somebody else published of a network, and what it was measured on.
 *
 * @typedef {object} PublishedFigure
 * @property {string} accuracy
 * @property {string} note
 */

/**
 * A network of the study, and how it is trained beside what is the same for all: epochs, seeds, flip and shift.
 *
 * @typedef {object} StudyRow
 * @property {string} name As `--rows` names it.
 * @property {string} title
 * @property {{ network: string } | { atMost: number }} subject A network of the zoo, or the most accurate genome of the runs with at most so many parameters.
 * @property {string[]} options Further options of `evopatch train`.
 * @property {number} epochs Epochs, as a multiple of those asked for.
 * @property {string} [alone] The row that is trained without the teacher, where this one is with it.
 * @property {PublishedFigure} [published]
 */

/** Rows whose models make the teacher together. */
export const TEACHER_ROWS = ['baseline', 'ferDeep', 'miniXception'];

/** On raw grey levels, as published, all of its few units soon give nothing at the learning rate of the others. */
const MICRO = {
  subject: { network: 'microExpNet' },
  options: ['--levels', 'normalized'],
  epochs: 1,
};

/** MicroExpNet's loss and choice. */
const PUBLISHED_LOSS = {
  name: 'distilled',
  title: 'distilled (T 8, λ 0.5)',
  options: ['--temperature', '8', '--mixing', '0.5'],
};
/** A form whose teacher counts as much as at a temperature of 1. */
const SQUARED = {
  name: 'distilled-squared',
  title: 'distilled (T 4, λ 0.7, · T²)',
  options: ['--temperature', '4', '--mixing', '0.7', '--squared'],
};
/** The same for longer, to see what that adds. */
const LONG = {
  ...SQUARED,
  name: 'distilled-long',
  title: 'distilled (T 4, λ 0.7, · T²) for twice as long',
  epochs: 2,
};

function withDistilled(row, ways) {
  const { published: _, ...recipe } = row;
  const taught = ways.map((way) => ({
    ...recipe,
    ...way,
    name: `${row.name}-${way.name}`,
    title: `${row.title}, ${way.title}`,
    options: [...row.options, ...way.options],
    alone: row.name,
  }));
  return [row, ...taught];
}

function evolved(size, atMost) {
  return {
    name: `evolved-${size}`,
    title: `evolved, ≤ ${size}`,
    subject: { atMost },
    options: [],
    epochs: 1,
  };
}

function publishedOf(network) {
  const { fer2013 } = ZOO[network].published;
  if (fer2013 === undefined) return {};
  return { published: { accuracy: `${Number((100 * fer2013.accuracy).toFixed(1))} %`, note: fer2013.note } };
}

/** All rows, as the table shows them. */
export const STUDY_ROWS = [
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
    ...publishedOf('ferDeep'),
  },
  {
    name: 'agrawalMittal',
    title: 'Agrawal & Mittal 2020',
    subject: { network: 'agrawalMittal' },
    options: [],
    epochs: 1 / 6,
    published: {
      accuracy: '65 %; 63.4 %',
      note: `by its abstract; ${ZOO.agrawalMittal.published.fer2013?.note}`,
    },
  },
  {
    name: 'miniXception',
    title: 'mini-Xception (Arriaga et al. 2017)',
    subject: { network: 'miniXception' },
    options: [],
    epochs: 1,
    ...publishedOf('miniXception'),
  },
  {
    name: 'tinyXception',
    title: 'tiny-Xception (the same authors)',
    subject: { network: 'tinyXception' },
    options: [],
    epochs: 1,
  },
  {
    name: 'simpleCnn',
    title: 'sequential CNN (the same authors)',
    subject: { network: 'simpleCnn' },
    options: [],
    epochs: 1,
    ...publishedOf('simpleCnn'),
  },
  ...withDistilled({ name: 'microExpNet', title: 'MicroExpNet XXS (Cugu et al. 2019)', ...MICRO }, [
    PUBLISHED_LOSS,
    SQUARED,
  ]),
  ...withDistilled(evolved('100k', 100_000), [SQUARED, LONG]),
  ...withDistilled(evolved('60k', 60_000), [SQUARED]),
  ...withDistilled(evolved('20k', 20_000), [SQUARED]),
];

/** Published figures of networks that are not trained here, for scale. */
export const PUBLISHED_ONLY = [
  {
    title: 'people',
    parameters: '',
    accuracy: '65 ± 5 %',
    note: 'Goodfellow et al. 2013, as Arriaga et al. cite it',
  },
  {
    title: 'ShiftNet',
    parameters: '180 k',
    accuracy: '60.1 %',
    note: 'repository dynahym/efficient-emotion-detection, split not known',
  },
  {
    title: 'TinyFER-Lite (MobileNetV3)',
    parameters: '932,202',
    accuracy: '67.1 %',
    note: 'engrXiv 7466, on PrivateTest, the model chosen by validation rows',
  },
  {
    title: 'Tang, winner of 2013',
    parameters: 'about 5 M',
    accuracy: '71 %',
    note: 'as Arriaga et al. cite it',
  },
];

/**
 * The rows with these names, in the order of the table; all of them where none are given.
 *
 * @throws EvopatchError `INVALID_OPTION` for a name that no row has.
 */
export function studyRows(names) {
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
