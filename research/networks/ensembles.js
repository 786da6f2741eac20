/**
 * A trained model of the study.
 *
 * @typedef {object} StudyModel
 * @property {StudyTraining} training
 * @property {string} seed
 * @property {string} file
 */

/**
 * An ensemble to make, with the options of `evopatch ensemble`, without the data and where it goes.
 *
 * @typedef {object} StudyEnsemble
 * @property {string} name
 * @property {string} title
 * @property {string[]} options
 */

/** Fewest members of an ensemble that the study makes. */
export const MIN_MEMBERS = 5;
/** Most parameters of all members of an ensemble of evolved networks. */
const MAX_PARAMETERS = 999_999;

const METHODS = [
  { method: 'averaging', title: 'mean' },
  { method: 'accuracy', title: 'weighted by accuracy' },
  { method: 'confidence', title: 'weighted by confidence in each class' },
  { method: 'voting', title: 'a vote each' },
];

/**
 * The ensembles of what has been trained: all evolved networks that together have less than a million parameters, and one
 * network of each row, both in all four ways and of those that had no teacher; and chosen by forward selection, from the
 * evolved ones within a million parameters, taught or not, and from all that had no teacher. Without those that would
 * have fewer than five members to choose from.
 *
 * @param models the evolved ones of rows before the others, as they are planned
 * @param further files of evolved models that were trained elsewhere, for the selections
 */
export function planEnsembles(models, further) {
  const isEvolved = ({ training }) => training.genome !== undefined;
  const alone = models.filter(({ training }) => !training.taught);
  const rows = alone.filter(
    ({ training }, place) =>
      training.rows.length > 0 && alone.findIndex((other) => other.training === training) === place,
  );
  const selected = ['--select', 'loss'];
  const limited = [...selected, '--max-parameters', String(MAX_PARAMETERS)];
  const files = (of) => of.map(({ file }) => file);
  const ensembles = [
    ...allWays('evolved', 'evolved networks', files(withinLimit(alone.filter(isEvolved)))),
    ensemble(
      'evolved-selected',
      'evolved networks, < 1 M in all, selected',
      [...files(models.filter(isEvolved)), ...further],
      limited,
    ),
    ...allWays('rows', 'one network of each row', files(rows)),
    ensemble('selected', 'of all networks, selected', [...files(alone), ...further], selected),
  ];
  return ensembles.filter(
    ({ options }) => options.filter((word) => word === '--model').length >= MIN_MEMBERS,
  );
}

function allWays(name, title, files) {
  return METHODS.map(({ method, title: way }) =>
    ensemble(`${name}-${method}`, `${title}, ${way}`, files, ['--method', method]),
  );
}

function ensemble(name, title, files, options) {
  return { name, title, options: [...files.flatMap((file) => ['--model', file]), ...options] };
}

/** As many of them, in their order, as stay within the limit; one that is too large is passed over. */
function withinLimit(models) {
  let used = 0;
  return models.filter(({ training: { parameters } }) => {
    const fits = used + parameters <= MAX_PARAMETERS;
    if (fits) used += parameters;
    return fits;
  });
}
