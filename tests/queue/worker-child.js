// A worker of a queue in a process of its own.
import { runQueueWorker } from '../../dist/queue/index.js';

const { quiet, ...options } = JSON.parse(process.argv[2]);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
const onMessage = (text) => process.stdout.write(`${text}\n`);
const report = await runQueueWorker({ ...options, signal: stop.signal, onMessage });
process.stdout.write(`${JSON.stringify(report)}\n`);
