import { formatTable } from '../../dist/summary/table.js';

/**
 * Makes the table of a study: a row for each student and variant, in the order of their first trainings.
 *
 * @param against the variant that differences are taken from
 */
export function studyTable(trainings, against) {
  const rowOf = ({ data, student, variant }) => `${data}/${student}/${variant}`;
  const numbers = ['parameters', 'trainings', 'accuracy, %', 'loss', 'Δ accuracy', 'Δ loss', 'seconds'];
  const columns = [
    ...['student', 'variant'].map((title) => ({ title, align: 'left' })),
    ...numbers.map((title) => ({ title })),
  ];
  const lines = [...new Set(trainings.map(rowOf))].map((row) => {
    const of = trainings.filter((training) => rowOf(training) === row);
    const pairs = of.flatMap((one) => {
      const reference = trainings.find((other) => other.variant === against && isPaired(one, other));
      return reference === undefined || one === reference ? [] : [{ one, reference }];
    });
    const [{ student, variant, parameters }] = of;
    return [
      student,
      variant,
      parameters,
      of.length,
      spread(
        of.map(({ accuracy }) => 100 * accuracy),
        1,
      ),
      spread(
        of.map(({ loss }) => loss),
        3,
      ),
      spread(
        pairs.map(({ one, reference }) => 100 * (one.accuracy - reference.accuracy)),
        1,
        true,
      ),
      spread(
        pairs.map(({ one, reference }) => one.loss - reference.loss),
        3,
        true,
      ),
      spread(
        of.map(({ seconds }) => seconds),
        0,
      ),
    ].map(String);
  });
  return formatTable(columns, lines);
}

function isPaired(one, other) {
  return ['data', 'student', 'split', 'seed'].every((name) => one[name] === other[name]);
}

/** Writes the mean ± the standard deviation. */
function spread(values, digits, signed = false) {
  if (values.length === 0) return '';
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const text = `${signed && mean >= 0 ? '+' : ''}${mean.toFixed(digits)}`;
  if (values.length === 1) return text;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${text} ± ${Math.sqrt(squares / (values.length - 1)).toFixed(digits)}`;
}
