import { parentPort, workerData } from 'node:worker_threads';
import { COMMANDS, runCommandLine } from '../run.ts';
import { type CommandMessage, type CommandSetup, UNREAD } from './command-messages.ts';

// Runs a command, so that the main thread is always free to handle signals and lost streams.

const { args, columns, isTTY, terminalSize } = workerData as CommandSetup;
const send = (message: CommandMessage) => parentPort?.postMessage(message);

const interruption = new AbortController();
const unread = new AbortController();
parentPort?.on('message', (message) => {
  if (message === UNREAD) return unread.abort();
  const { savesWhenInterrupted = false } = COMMANDS.find(({ name }) => name === args[0]) ?? {};
  send({ type: 'heard', savesWhenInterrupted });
  interruption.abort();
});
parentPort?.unref(); // waiting for an interruption keeps no command alive

const exitCode = await runCommandLine(args, {
  signal: interruption.signal,
  unread: unread.signal,
  columns,
  print: (text) => send({ type: 'answer', text: `${text}\n` }),
  progress: {
    isTTY,
    get columns() {
      return terminalSize[0];
    },
    get rows() {
      return terminalSize[1];
    },
    write: (text) => send({ type: 'progress', text }),
  },
});
send({ type: 'done', exitCode });
