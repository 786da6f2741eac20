// Appends what a program loads to the file that LOADED names, a line each: addresses of ES modules, when they load, and
// of CommonJS modules and shared objects, when a thread ends. Give it to Node as --import.
import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';

const hooks = `
  import { appendFileSync } from 'node:fs';
  export function load(url, context, next) {
    appendFileSync(process.env.LOADED, url + '\\n');
    return next(url, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
process.on('exit', () => {
  const { sharedObjects } = process.report.getReport();
  for (const file of [...sharedObjects, ...Object.keys(createRequire('/x').cache)]) {
    appendFileSync(process.env.LOADED, `${file}\n`);
  }
});
