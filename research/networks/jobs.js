// Runs commands of evopatch as processes of their own, a few at a time, and keeps what they answer.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '../../dist/core/atomic-file.js';

const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const children = new Set();
let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (interrupted || children.size === 0) process.exit(130);
    interrupted = true; // trainings end with the step under way; the same command goes on from there
    for (const child of children) child.kill(signal);
  });
}

/** What the same command answered before; `undefined` where there is nothing. */
export function answered({ answer, arguments: words }) {
  if (!existsSync(answer)) return undefined;
  const found = JSON.parse(readFileSync(answer, 'utf8'));
  return found.arguments.join('\n') === words.join('\n') ? found.report : undefined;
}

/**
 * Runs all jobs that have no answer yet, at most so many at a time, in their order.
 *
 * @param jobs `{ name, arguments, unkept, answer, log }`: words behind `evopatch`, and words that do not change the answer;
 * the file of the answer; the file that takes progress, each line with the time before it
 * @returns the names of those that failed
 */
export async function runJobs(jobs, workers) {
  const failed = [];
  const waiting = jobs.filter((job) => answered(job) === undefined);
  if (waiting.length > 0) console.error(`${waiting.length} of ${jobs.length} to do, ${workers} at a time`);
  const work = async () => {
    while (waiting.length > 0) {
      const job = waiting.shift();
      const start = performance.now();
      console.error(`${clock()} ${job.name}: begins`);
      const { code, output, last } = await run(job);
      if (interrupted) process.exit(130);
      const minutes = ((performance.now() - start) / 60_000).toFixed(1);
      if (code !== 0) {
        failed.push(job.name);
        console.error(`${clock()} ${job.name}: failed after ${minutes} min: ${last} (${job.log})`);
        continue;
      }
      const kept = { arguments: job.arguments, report: JSON.parse(output) };
      await writeFileAtomic(job.answer, `${JSON.stringify(kept)}\n`);
      console.error(`${clock()} ${job.name}: ${job.tell(kept.report)}, ${minutes} min`);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return failed;
}

function run({ arguments: words, unkept = [], log }) {
  mkdirSync(dirname(log), { recursive: true });
  const write = (line) => appendFileSync(log, `${new Date().toISOString()} ${line}\n`);
  write(`evopatch ${words.join(' ')}`);
  const child = spawn(process.execPath, [PROGRAM, ...words, ...unkept, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  let last = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    write(line);
    last = line;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      children.delete(child);
      resolve({ code, output, last });
    });
  });
}

function clock() {
  return new Date().toTimeString().slice(0, 8);
}
