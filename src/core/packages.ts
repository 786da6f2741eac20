import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { EvopatchError } from './errors.ts';
import { ownUrl, packageRoot } from './package-files.ts';

// Packages that take long to load or hold native code. They load when they are first used, so that whatever does without
// them starts fast and works where they cannot be loaded.

/**
 * Loads one of evopatch's packages by `require`.
 *
 * @param path of a module in the package, as in 'face-api.js/package.json'
 * @throws EvopatchError `MISSING_PACKAGE` where it is not installed or cannot start on this system.
 */
export function loadPackage<Module>(path: string): Module {
  try {
    return packageRequire()(path);
  } catch (cause) {
    throw missingPackage(path, cause);
  }
}

/**
 * The path of a file in one of evopatch's packages.
 *
 * @param path as in 'face-api.js/package.json'
 * @throws EvopatchError `MISSING_PACKAGE` where it is not installed.
 */
export function packageResolve(path: string): string {
  try {
    return packageRequire().resolve(path);
  } catch (cause) {
    throw missingPackage(path, cause);
  }
}

/**
 * `require` as evopatch's own files see it: package managers may hide evopatch's packages from everybody else, and a
 * program may have another package by the name of one of them.
 */
function packageRequire(): NodeJS.Require {
  const root = packageRoot();
  return createRequire(root === undefined ? ownUrl() : `${root}/package.json`);
}

/** The package that draws. */
export function loadCanvas(): typeof import('canvas') {
  return withHome(() => loadPackage('canvas'));
}

/** The package that decodes and encodes pictures. */
export function loadSharp(): typeof import('sharp').default {
  return loadPackage('sharp');
}

/** The package that keeps pools of threads. */
export function loadPiscina(): typeof import('piscina') {
  return loadPackage('piscina');
}

/** An error that says which package is missing, where, why, and what to do about it. */
export function missingPackage(path: string, cause: unknown): EvopatchError {
  const name = path.match(/^(?:@[^/]+\/)?[^/]+/)?.[0] ?? path;
  const { code, message } = cause as NodeJS.ErrnoException;
  const isAbsent = code === 'MODULE_NOT_FOUND' && message.includes(`'${path}'`);
  const problem = isAbsent
    ? `the package '${name}' is not installed`
    : `the package '${name}' cannot start on ${describeSystem()}: ${reasonOf(cause)}`;
  const hint = isAbsent
    ? 'Install evopatch, with all that it depends on, where the program runs: npm install evopatch'
    : 'Install the packages on the system that they run on: delete node_modules and package-lock.json, then npm install';
  return new EvopatchError('MISSING_PACKAGE', problem, { package: name, hint }, cause);
}

/** Loaders of native code say what they looked for in their cause. */
function reasonOf(cause: unknown): string {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return reason instanceof Error ? reason.message.split('\n')[0] : String(reason);
}

/** As in 'linux-x64 (glibc 2.36)'. */
function describeSystem(): string {
  const system = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return system;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const { glibcVersionRuntime: glibc } = header;
  return `${system} (${glibc === undefined ? 'musl' : `glibc ${glibc}`})`;
}

/** The canvas package looks for fonts in the home folder when it loads, and fails where the user has none. */
function withHome<Result>(work: () => Result): Result {
  try {
    homedir();
  } catch {
    process.env.HOME = '/nonexistent';
    try {
      return work();
    } finally {
      delete process.env.HOME;
    }
  }
  return work();
}
