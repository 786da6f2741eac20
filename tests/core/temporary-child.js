// Begins to write a file, says so, and never ends.
import { writeFileSync } from 'node:fs';
import { temporaryName } from '../../dist/core/temporary-file.js';

writeFileSync(temporaryName(process.argv[2]), 'half');
process.stdout.write('writing\n');
setInterval(() => {}, 1000);
