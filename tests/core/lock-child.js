// Takes the lock of a run folder at a given moment, says what came of it, and holds it until it is ended.
import { RunLock } from '../../dist/core/run-lock.js';

const [file, moment] = process.argv.slice(2);
while (Date.now() < Number(moment));
try {
  await RunLock.acquire(file);
  process.stdout.write('mine\n');
} catch (cause) {
  process.stdout.write(`${cause.code}\n`);
}
setInterval(() => {}, 1000);
