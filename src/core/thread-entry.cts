import url = require('node:url');

// What every thread of a pool starts with; its first argument is the script that it runs. Piscina loads a script by
// `require`, and Node 20 ends the whole process where a thread is stopped while it requires an ES module.
export = import(url.pathToFileURL(process.argv[2]).href).then((script) => script.default);
