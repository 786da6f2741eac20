// Installs the packed package into a new project with pnpm, which shows each package only what it declares, and uses it: as ES
// module, as CommonJS, and by its command. It needs the registry, so it is no test; `.ci/run` runs it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { untrainedModel } from '../dist/bench/untrained-model.js';
import { openEngine, saveModel } from '../dist/index.js';

const root = new URL('..', import.meta.url);
const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'evopatch-install-'));
const run = (command, args, cwd = folder) => execFileSync(command, args, { cwd, encoding: 'utf8' });
const pnpm = (...args) => run(fileURLToPath(new URL('node_modules/.bin/pnpm', root)), args);

const USE = `
  .then(async ({ loadModel }) => {
    const model = await loadModel('model.safetensors');
    const [face] = await model.predictFaces(process.argv[2]);
    console.log(face.label);
  })
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });`;

try {
  const archive = run(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder],
    root,
  ).trim();
  writeFileSync(join(folder, 'package.json'), '{ "name": "project", "private": true }\n');
  pnpm('add', '--ignore-scripts', `./${archive}`);
  await saveModel(join(folder, 'model.safetensors'), untrainedModel(await openEngine('wasm')));
  writeFileSync(join(folder, 'module.mjs'), `import('evopatch')${USE}`);
  writeFileSync(join(folder, 'common.cjs'), `Promise.resolve(require('evopatch'))${USE}`);
  const photo = require.resolve('face-api.js/demo/sample1.jpg');
  const model = ['--model', 'model.safetensors'];
  const answers = [
    run(process.execPath, ['module.mjs', photo]),
    run(process.execPath, ['common.cjs', photo]),
    JSON.parse(pnpm('exec', 'evopatch', 'predict', photo, ...model, '--draw', 'drawn.png', '--json'))
      .photos[0].faces[0].label,
  ].map((answer) => answer.trim());
  if (new Set(answers).size !== 1) throw new Error(`the answers differ: ${answers.join(', ')}`);
  console.log(`pnpm: the installed package works as ES module, CommonJS and command`);
} finally {
  rmSync(folder, { recursive: true });
}
