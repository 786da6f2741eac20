import { parentPort, workerData } from 'node:worker_threads';
import type { CommandMessage, CommandSetup } from './command-messages.ts';
import { COMMANDS, runCommandLine } from './run.ts';

// The thread that runs a command, so that the main one is free at any time to hear of signals and of lost streams.

const { args, columns, isTTY, terminalSize } = workerData as CommandSetup;
const say = (message: CommandMessage) => parentPort?.postMessage(message);

const interruption = new AbortController();
parentPort?.on('message', () => {
  const { savesWhenInterrupted = false } = COMMANDS.find(({ name }) => name === args[0]) ?? {};
  say({ type: 'heard', savesWhenInterrupted });
  interruption.abort();
});
parentPort?.unref(); // to wait for an interruption keeps no command alive

const exitCode = await runCommandLine(args, {
  signal: interruption.signal,
  columns,
  print: (text) => say({ type: 'answer', text: `${text}\n` }),
  progress: {
    isTTY,
    get columns() {
      return terminalSize[0];
    },
    get rows() {
      return terminalSize[1];
    },
    write: (text) => say({ type: 'progress', text }),
  },
});
say({ type: 'done', exitCode });
