// A file of measurements, a line of JSON each: a run that was cut goes on from it.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Opens the file that --out names; it need not exist. */
export function openMeasurements(file) {
  if (file === undefined) throw new Error('--out is needed: the file of measurements');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const all = lines.map((line) => JSON.parse(line));
  return {
    all,
    /** Whether the file has a measurement with these fields. */
    has: (job) => all.some((one) => Object.keys(job).every((name) => one[name] === job[name])),
    /** Appends a measurement. */
    add: (one) => {
      all.push(one);
      appendFileSync(file, `${JSON.stringify(one)}\n`);
    },
  };
}
