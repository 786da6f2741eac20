#!/usr/bin/env node
import { getHeapStatistics } from 'node:v8';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { type CommandMessage, type CommandSetup, INTERRUPT, UNREAD } from './program/command-messages.ts';
import { Output } from './program/output.ts';
import { EXIT, reportError } from './program/report-error.ts';

// A command runs in its own thread. This one stays free for signals and owns the streams.

/** Milliseconds that an interrupted command has to answer. */
const ANSWER_TIME = 1500;
/** Milliseconds that it then has to end, and to end if it saves something first. */
const ENDING_TIME = 1000;
const SAVING_TIME = 60_000;

const answer = new Output(process.stdout, () => thread.postMessage(UNREAD));
const progress = new Output(process.stderr);
const terminalSize = new Int32Array(new SharedArrayBuffer(8));
const measureTerminal = () => terminalSize.set([process.stderr.columns ?? 0, process.stderr.rows ?? 0]);
measureTerminal();
process.stderr.on('resize', measureTerminal);

const setup: CommandSetup = {
  args: process.argv.slice(2),
  columns: process.stdout.columns ?? Number(process.env.COLUMNS || Number.NaN),
  isTTY: process.stderr.isTTY === true,
  terminalSize,
};
const thread = new Worker(new URL('./program/command-thread.js', import.meta.url), {
  workerData: setup,
  env: SHARE_ENV,
  resourceLimits: { maxOldGenerationSizeMb: getHeapStatistics().heap_size_limit / 2 ** 20 }, // as in this thread
});

let deadline: NodeJS.Timeout | undefined;
process.exitCode = EXIT.failed; // until the command reports another
thread.on('message', (message: CommandMessage) => {
  if (message.type === 'answer') answer.write(message.text);
  else if (message.type === 'progress') progress.write(message.text);
  else if (message.type === 'done') process.exitCode = message.exitCode;
  else waitForEnd(message.savesWhenInterrupted ? SAVING_TIME : ENDING_TIME);
});
thread.on('error', (cause) => progress.write(`${reportError(cause).text}\n`));
thread.on('exit', () => clearTimeout(deadline));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (deadline !== undefined) return endBy(signal); // the second signal
    thread.postMessage(INTERRUPT);
    deadline = setTimeout(() => {
      progress.write('evopatch: interrupted\n');
      endBy(signal);
    }, ANSWER_TIME).unref();
  });
}
process.on('SIGHUP', () => undefined); // a closed terminal stops no run

process.on('exit', () => {
  if (answer.loss === undefined) return;
  if (process.exitCode === EXIT.done) process.exitCode = EXIT.failed;
  // The reader of a pipe may have seen enough, as `head` has; any other loss is reported.
  if (answer.loss.code !== 'EPIPE') progress.write(`${reportError(lossOf(answer.loss)).text}\n`);
});

function lossOf(cause: Error): EvopatchError {
  return fileSystemError('cannot write the answer', 'standard output', cause);
}

function waitForEnd(milliseconds: number): void {
  clearTimeout(deadline);
  deadline = setTimeout(() => {
    progress.write('evopatch: interrupted\n');
    process.exit(EXIT.interrupted);
  }, milliseconds).unref();
}

/** Ends the process at once by the signal's default action; exiting would wait for the thread's computation. */
function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
