// How near the predicted landmarks come to those that people placed, and how fast the 68-point network is.
//
//   node research/faces/landmarks.js --data FOLDER [--json]          photos and points.csv with the columns file, subnasale_x, …
//   node research/faces/landmarks.js --crops CSV [--count 600] [--json]       FER2013: 48×48 crops, one thread
//
// Errors are distances in % of the distance between the pupils, medians and 90th percentiles over the faces.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCsv } from '../../dist/core/csv-records.js';
import { decodePhoto } from '../../dist/images/decode-photo.js';
import { photoOf } from '../../dist/images/photo.js';
import { openLandmarkDetector } from '../../dist/landmarks/face-api-detector.js';
import { distance, poseOf } from '../../dist/landmarks/face-pose.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    crops: { type: 'string' },
    count: { type: 'string', default: '600' },
    json: { type: 'boolean', default: false },
  },
});
if ((values.data === undefined) === (values.crops === undefined)) {
  console.error('Give --data FOLDER or --crops CSV.');
  process.exit(2);
}

async function* recordsOf(file) {
  let names;
  for await (const { fields } of readCsv(file)) {
    if (names === undefined) names = fields;
    else yield Object.fromEntries(names.map((name, i) => [name, fields[i]]));
  }
}

const quantile = (list, share) => {
  const sorted = list.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
};

/** Points of the prediction beside those of the file. */
function pairsOf(points, record) {
  const placed = (name) => [Number(record[`${name}_x`]), Number(record[`${name}_y`])];
  const predicted = (i) => [points[2 * i], points[2 * i + 1]];
  const { leftEye, rightEye } = poseOf(points);
  return {
    subnasale: [[predicted(33), placed('subnasale')]],
    'mouth corners': [
      [predicted(48), placed('mouth_left')],
      [predicted(54), placed('mouth_right')],
    ],
    pupils: [
      [leftEye, placed('pupil_left')],
      [rightEye, placed('pupil_right')],
    ],
  };
}

async function errorsOf(detector, folder, records) {
  const errors = {};
  let missed = 0;
  let invented = 0;
  for (const record of records) {
    const [face, ...others] = await detector.detect(await decodePhoto(join(folder, record.file)));
    invented += others.length;
    if (face === undefined) {
      missed++;
      continue;
    }
    const pairs = pairsOf(face.points, record);
    const unit = distance(...pairs.pupils.map(([, placed]) => placed)) / 100;
    for (const [name, list] of Object.entries(pairs)) {
      errors[name] ??= [];
      for (const [predicted, placed] of list) errors[name].push(distance(predicted, placed) / unit);
    }
  }
  const summary = Object.entries(errors).map(([name, list]) => [
    name,
    { median: quantile(list, 0.5), ninetieth: quantile(list, 0.9) },
  ]);
  return { faces: records.length, missed, invented, errors: Object.fromEntries(summary) };
}

async function accuracy(folder) {
  const records = [];
  for await (const record of recordsOf(join(folder, 'points.csv'))) records.push(record);
  const result = {};
  for (const name of ['tiny', 'ssd']) {
    result[name] = await errorsOf(await openLandmarkDetector({ detector: name }), folder, records);
  }
  if (values.json) return console.log(JSON.stringify(result));
  console.log('% of the distance between the pupils: median (90th percentile)');
  const names = Object.keys(result.tiny.errors);
  console.log(['', ...names, 'missed', 'invented'].map((text) => text.padEnd(16)).join(''));
  for (const [detector, { faces, missed, invented, errors }] of Object.entries(result)) {
    const cells = names.map(
      (name) => `${errors[name].median.toFixed(1)} (${errors[name].ninetieth.toFixed(1)})`,
    );
    const row = [detector, ...cells, `${missed} of ${faces}`, `${invented}`];
    console.log(row.map((text) => text.padEnd(16)).join(''));
  }
}

async function speed(file, count) {
  const crops = [];
  for await (const { pixels } of recordsOf(file)) {
    if (crops.push(photoOf({ pixels: pixels.split(' ').map(Number), width: 48, height: 48 })) === count)
      break;
  }
  const detector = await openLandmarkDetector();
  for (const crop of crops.slice(0, 20)) await detector.locate(crop);
  const rounds = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    for (const crop of crops) await detector.locate(crop);
    rounds.push((1000 * crops.length) / (performance.now() - start));
  }
  const result = {
    crops: crops.length,
    facesPerSecond: quantile(rounds, 0.5),
    range: [Math.min(...rounds), Math.max(...rounds)],
  };
  if (values.json) return console.log(JSON.stringify(result));
  const [least, most] = result.range.map((rate) => rate.toFixed(0));
  console.log(`68 points of ${crops.length} crops of 48×48, one thread, three rounds`);
  console.log(`faces a second   ${result.facesPerSecond.toFixed(0)} (${least}–${most})`);
}

if (values.data !== undefined) await accuracy(values.data);
else await speed(values.crops, Number(values.count));
