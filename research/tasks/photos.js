// In how many photos of a task a face was found, and how many faces are turned to the side.
//
//   evopatch landmarks --data DIR --out points.csv && node research/tasks/photos.js points.csv
//
// 'turned' goes by the landmarks, so it says little where a face is hidden and they are wrong.
import { readCsv } from '../../dist/core/csv-records.js';
import { countPhotos } from './count-photos.js';

const rows = [];
for await (const { fields } of readCsv(process.argv[2])) rows.push(fields);
process.stdout.write(`${JSON.stringify(countPhotos(rows.slice(1)))}\n`);
