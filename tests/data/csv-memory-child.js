// Loads a csv of pixels and prints by how many bytes the memory grew.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadDataset } from '../../dist/index.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const [warmUp, file] = process.argv.slice(2);
await loadDataset(warmUp, { align: 'none' }); // what is loaded and compiled once is no part of a row
collectGarbage();
const { rss } = process.memoryUsage();
const { count } = await loadDataset(file, { align: 'none' });
// The largest that it has been, in kilobytes: what is freed at the end counts too.
const bytes = 1024 * process.resourceUsage().maxRSS - rss;
process.stdout.write(JSON.stringify({ count, bytes }));
