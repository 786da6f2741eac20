import { STUDY_ROWS } from './rows.js';

/** Ensembles that stand in the chart, and how they are called there. */
const ENSEMBLES = {
  'ensemble teacher': 'the teacher',
  'ensemble evolved-selected': 'evolved networks together',
};

/**
 * Accuracy without leaked rows above parameters, of everything that has been measured, but rows whose training was cut
 * short: they would say more of their epochs than of their networks.
 */
export function studyChart({ dataset, seeds, epochs, rows, teacher, ensembles }) {
  const measured = rows.flatMap((row) => {
    const { subject, alone } = STUDY_ROWS.find(({ name }) => name === row.name) ?? {};
    const point = (row.epochs ?? 0) < epochs ? undefined : pointOf(row);
    return point && subject ? [{ point, evolved: 'atMost' in subject, taught: alone !== undefined }] : [];
  });
  const points = (evolved, taught) =>
    measured.filter((one) => one.evolved === evolved && one.taught === taught).map(({ point }) => point);
  const together = [...(teacher ? [teacher] : []), ...ensembles].flatMap(({ name, parameters, unseen }) =>
    unseen !== null && name in ENSEMBLES
      ? [{ x: parameters, y: 100 * unseen, deviation: null, title: ENSEMBLES[name] }]
      : [],
  );
  const unlabelled = [...points(true, true), ...points(false, true)].map((point) => ({
    ...point,
    title: '',
  }));
  return {
    title: 'Accuracy against parameters',
    subtitle: `${dataset}: validation rows that no training row shows; means ± deviations of the seeds ${seeds.join(', ')}`,
    xTitle: 'parameters, all members of an ensemble together',
    yTitle: 'accuracy, %',
    series: [
      { title: 'evolved patches', points: points(true, false), joined: true },
      { title: 'networks of the literature', points: points(false, false), joined: false },
      { title: 'small ones with a teacher', points: unlabelled, joined: false },
      { title: 'ensembles', points: together, joined: false },
    ],
  };
}

function pointOf({ title, parameters, measured }) {
  const unseen = measured?.unseen;
  if (!unseen || parameters === null) return undefined;
  const deviation = unseen.deviation === null ? null : 100 * unseen.deviation;
  return { x: parameters, y: 100 * unseen.mean, deviation, title: title.replace(/ \(.*$/, '') };
}
