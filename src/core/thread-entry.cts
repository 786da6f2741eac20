import url = require('node:url');

// The entry of every thread of a pool; its first argument is the script to run. Piscina loads a script by
// `require`, and Node 20 ends the whole process if a thread is stopped while it requires an ES module.
export = import(url.pathToFileURL(process.argv[2]).href).then((script) => script.default);
