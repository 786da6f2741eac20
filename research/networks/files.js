// Where the trainings, models and ensembles of a study lie, and the commands that make them.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { planEnsembles } from './ensembles.js';
import { answered } from './jobs.js';
import { trainArguments } from './plan.js';
import { TEACHER_ROWS } from './rows.js';

export class StudyFiles {
  /** The teacher's model. */
  teacher;
  /** What `measureSpeed` found. */
  speed;
  #out;
  #settings;
  #trainings;

  /**
   * @param out the folder of the study
   * @param settings `{ data, points, runs, seeds }`
   * @param trainings all that there are, in the order of the rows
   */
  constructor(out, settings, trainings) {
    this.#out = out;
    this.#settings = settings;
    this.#trainings = trainings;
    this.teacher = join(out, 'teacher.safetensors');
    this.speed = join(out, 'speed.json');
  }

  genome(folder) {
    return join(this.#out, folder.replace(/-distilled.*$/, ''), 'genome.json');
  }

  /** The training of one seed, as `runJobs` takes it. */
  job(training, seed) {
    const folder = join(this.#out, training.folder, seed);
    const teacher = training.taught ? ['--teacher', this.teacher] : [];
    const words = trainArguments(training, this.genome(training.folder), seed);
    return {
      name: `${training.folder}/${seed}`,
      arguments: [...words, ...teacher, ...this.#dataArguments(), '--out', folder],
      unkept: ['--threads', '1'],
      answer: join(folder, 'trained.json'),
      log: `${folder}.log`,
      tell: ({ best }) => `${(100 * best.validationAccuracy).toFixed(1)} %`,
    };
  }

  /** Models that have been trained, in the order of the rows: `{ training, seed, file }`. */
  models() {
    return this.#trainings.flatMap((training) =>
      this.#settings.seeds
        .filter((seed) => answered(this.job(training, seed)) !== undefined)
        .map((seed) => {
          return { training, seed, file: join(this.#out, training.folder, seed, 'model.safetensors') };
        }),
    );
  }

  /** The teacher of the networks that there are now, its `members`. */
  teacherJob() {
    const members = this.models().filter(({ training }) => TEACHER_ROWS.includes(training.folder));
    const models = members.flatMap(({ file }) => ['--model', file]);
    return {
      ...this.ensembleJob({ name: 'teacher', options: models }),
      file: this.teacher,
      members,
      arguments: ['ensemble', ...models, ...this.#dataArguments(), '--out', this.teacher],
    };
  }

  /** Ensembles of the networks that there are now. */
  ensembles() {
    const further = this.#settings.runs
      .map((run) => join(run, 'models', 'best.safetensors'))
      .filter((file) => existsSync(file));
    return planEnsembles(this.models(), further);
  }

  ensembleJob({ name, options }) {
    const path = join(this.#out, 'ensembles', name);
    const file = `${path}.safetensors`;
    return {
      name: `ensemble ${name}`,
      arguments: ['ensemble', ...options, ...this.#dataArguments(), '--out', file],
      file,
      answer: `${path}.json`,
      log: `${path}.log`,
      tell: ({ crossFitted, bestMember }) =>
        `${(100 * crossFitted.accuracy).toFixed(1)} %, its best member ${(100 * bestMember.accuracy).toFixed(1)} %`,
    };
  }

  /** A job's command for readers elsewhere: without the folders of this machine. */
  shown({ arguments: words }) {
    const { data, points, runs } = this.#settings;
    const short = (word) => {
      if (word === data || word === points) return basename(word);
      if (word === this.#out || word.startsWith(join(this.#out, '/')))
        return word.replace(this.#out, basename(this.#out));
      const run = runs.find((folder) => word.startsWith(folder));
      return run === undefined ? word : word.slice(word.indexOf(basename(run)));
    };
    return ['evopatch', ...words.map(short)].join(' ');
  }

  #dataArguments() {
    const { data, points } = this.#settings;
    return ['--data', data, ...(points === undefined ? [] : ['--points', points])];
  }
}
