import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { QueueWorkerOptions } from '../../src/queue/index.ts';

const CHILD = fileURLToPath(new URL('./worker-child.js', import.meta.url));

/** A worker in a process of its own. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** Waits until it has written this. */
  said(text: string): Promise<void>;
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** @param before words before the command that starts it */
export function startWorker(
  options: Omit<QueueWorkerOptions, 'signal' | 'onMessage'>,
  environment: NodeJS.ProcessEnv = {},
  before: readonly string[] = [],
): WorkerProcess {
  const env = { ...process.env, ...environment };
  const [program, ...words] = [...before, process.execPath, CHILD, JSON.stringify(options)];
  const child = spawn(program, words, { env });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  const said = (text: string) =>
    Promise.race([
      new Promise<void>((resolve) => {
        const listener = () => {
          if (output.includes(text)) resolve();
        };
        listeners.add(listener);
        listener();
      }),
      ended.then((end) => {
        throw new Error(`the worker ended with ${end} before it said '${text}': ${output}`);
      }),
    ]);
  return { child, output: () => output, said, ended };
}

/** Ends workers at once, and waits for it. */
export async function killWorkers(workers: readonly WorkerProcess[]): Promise<void> {
  for (const { child } of workers) child.kill('SIGKILL');
  await Promise.all(workers.map(({ ended }) => ended));
}
