// How well the surrogate of a search foretells what it has not trained yet: recorded runs are replayed, and before each
// generation the losses of its genomes are foretold from the generations before.
//
//   node research/search/surrogate.js RUN_DIR... [--json]
//
// Spearman's rank correlation with the losses that were measured, mean ± deviation over the generations: of the surrogate, of what
// it knows beyond the networks' sizes, and of covered pixels and parameters alone.
import { parseArgs } from 'node:util';
import { FACE_FRAME } from '../../dist/landmarks/frame-geometry.js';
import { readTrainings } from '../../dist/run/history-lines.js';
import { formatTable } from '../../dist/summary/table.js';
import { meanAndDeviation } from './curves.js';
import { surrogateForesight } from './surrogate-foresight.js';

const GUESSES = {
  surrogate: { title: 'surrogate' },
  surrogateBeyondSize: { title: 'beyond size' },
  pixels: { title: 'covered pixels' },
  parameters: { title: 'parameters' },
};

const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
if (folders.length === 0) throw new Error('name at least one folder of a run');

const runs = [];
for (const folder of folders) {
  const { trainings: all } = await readTrainings(folder);
  const trainings = all.filter(
    ({ purpose, status, repeat }) => purpose === 'fitness' && status === 'ok' && repeat === 0,
  );
  runs.push({ folder, trainings: trainings.length, generations: surrogateForesight(trainings, FACE_FRAME) });
}
if (values.json) console.log(JSON.stringify(runs));
else {
  const columns = [{ title: 'run', align: 'left' }, { title: 'trainings' }, ...Object.values(GUESSES)];
  const rows = runs.map(({ folder, trainings, generations }) => [
    folder,
    `${trainings}`,
    ...Object.keys(GUESSES).map((guess) => {
      if (generations.length === 0) return '–';
      const { mean, deviation } = meanAndDeviation(generations.map((generation) => generation[guess] ?? 0));
      return `${mean.toFixed(2)}${deviation === null ? '' : ` ± ${deviation.toFixed(2)}`}`;
    }),
  ]);
  console.log(formatTable(columns, rows));
}
