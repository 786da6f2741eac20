// What a study has come to, read from its files.
import { existsSync, readFileSync } from 'node:fs';
import { meanAndDeviation } from '../search/curves.js';
import { answered } from './jobs.js';
import { measuredOf } from './measure.js';
import { STUDY_ROWS, TEACHER_ROWS } from './rows.js';
import { accuracyOf, epochSeconds, lastEpoch, seedsDifference, summarizeSeeds } from './summary.js';

/**
 * @param settings `{ name, seeds, epochs }`: of the data set, of all rows
 * @param trainings all that there are
 * @param files a `StudyFiles`
 * @returns a `StudyReport`
 */
export function readStudy({ name: dataset, seeds, epochs }, trainings, files) {
  const trained = files.models();
  const measuredBySeed = (name) =>
    seeds.map((seed) => {
      const model = trained.find((one) => one.seed === seed && one.training.rows.includes(name));
      return model && measuredOf(model.file);
    });
  const [some] = STUDY_ROWS.flatMap(({ name }) => measuredBySeed(name).filter(Boolean));
  const { teacher, ensembles } = readEnsembles(files);
  return {
    dataset,
    samples: some?.right.length ?? null,
    leaked: some === undefined ? null : some.right.length - some.unseen.length,
    seeds,
    epochs,
    rows: readRows(seeds, trainings, files, measuredBySeed),
    teacher,
    ensembles,
    distillation: compareTaught(seeds, measuredBySeed),
  };
}

/** Trainings that have begun and not ended, a line each. */
export function unfinishedTrainings(seeds, trainings, files) {
  const jobs = trainings.flatMap((training) => seeds.map((seed) => files.job(training, seed)));
  const begun = jobs.filter((job) => existsSync(job.log) && answered(job) === undefined);
  return begun.map(({ log, name }) => {
    const last = lastEpoch(readFileSync(log, 'utf8'));
    return `unfinished: ${name}${last ? `, epoch ${last.epoch} of ${last.of}` : ''}`;
  });
}

function readRows(seeds, trainings, files, measuredBySeed) {
  const speed = existsSync(files.speed) ? JSON.parse(readFileSync(files.speed, 'utf8')) : {};
  const baseline = measuredBySeed('baseline').filter(Boolean);
  return STUDY_ROWS.map((row) => {
    const training = trainings.find(({ rows }) => rows.includes(row.name));
    const measured = measuredBySeed(row.name).filter(Boolean);
    const compared = row.name !== 'baseline' && measured.length > 0 && baseline.length > 0;
    const jobs = training === undefined ? [] : seeds.map((seed) => files.job(training, seed));
    return {
      name: row.name,
      title: row.title,
      genome: training?.genome?.hash.slice(0, 8) ?? null,
      parameters: training?.parameters ?? null,
      macs: training?.macs ?? null,
      epochs: training?.epochs ?? null,
      measured: measured.length > 0 ? summarizeSeeds(measured) : null,
      difference: compared ? seedsDifference(measured, baseline) : null,
      trainingSeconds: trainingSeconds(jobs, training?.epochs),
      facesPerSecond: speed[training?.folder] ?? null,
      published: row.published ?? null,
      command: training === undefined ? null : files.shown(jobs[0]),
    };
  });
}

/** A mean over those that have begun. */
function trainingSeconds(jobs, epochs) {
  const logs = jobs.map(({ log }) => log).filter((file) => existsSync(file));
  const seconds = logs.flatMap((file) => epochSeconds(readFileSync(file, 'utf8')) ?? []);
  return seconds.length === 0 ? null : meanAndDeviation(seconds).mean * epochs;
}

function readEnsembles(files) {
  const reportOf = (title, job) => {
    const found = answered(job);
    if (found === undefined) return [];
    const { members, parameters, macs, crossFitted, bestMember } = found;
    const unseen = accuracyOf(measuredOf(job.file)?.unseen ?? []);
    const counts = { members: members.length, parameters, macs };
    return [{ name: job.name, title, ...counts, crossFitted, bestMember, unseen, command: files.shown(job) }];
  };
  const teacherJob = files.teacherJob();
  const kept = existsSync(teacherJob.answer) && JSON.parse(readFileSync(teacherJob.answer, 'utf8'));
  const title = `the teacher (${TEACHER_ROWS.join(', ')}: mean)`;
  return {
    // as it was made, of whatever there was then
    teacher: kept ? reportOf(title, { ...teacherJob, arguments: kept.arguments })[0] : null,
    ensembles: files.ensembles().flatMap((one) => reportOf(one.title, files.ensembleJob(one))),
  };
}

function compareTaught(seeds, measuredBySeed) {
  return STUDY_ROWS.filter(({ alone }) => alone !== undefined).flatMap((row) => {
    const [taught, alone] = [row.name, row.alone].map((name) =>
      measuredBySeed(name).map((measured) => accuracyOf(measured?.unseen ?? [])),
    );
    const both = [...seeds.keys()].filter((i) => taught[i] !== null && alone[i] !== null);
    if (both.length === 0) return [];
    const over = (value) => meanAndDeviation(both.map(value));
    return [
      {
        title: row.title,
        alone: over((i) => alone[i]),
        taught: over((i) => taught[i]),
        gain: over((i) => taught[i] - alone[i]),
      },
    ];
  });
}
