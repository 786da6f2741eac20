#!/usr/bin/env node
import { EXIT } from './report-error.ts';
import { runCommandLine } from './run.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(EXIT.interrupted); // asked twice: at once
    interruption.abort();
  });
}
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  process.exit(code === 'EPIPE' ? EXIT.done : EXIT.failed); // the reader of a pipe has heard enough
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  signal: interruption.signal,
  columns: process.stdout.columns ?? Number(process.env.COLUMNS || Number.NaN),
  print: (text) => process.stdout.write(`${text}\n`),
  progress: process.stderr,
});
