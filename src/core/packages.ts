import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { EvopatchError } from './errors.ts';
import { ownUrl, packageRoot } from './package-files.ts';

const INSTALL = 'Install evopatch, with all that it depends on, where the program runs: npm install evopatch';

// Packages that take long to load or contain native code. They load at first use, so that everything else starts fast and
// works even if they cannot be loaded.

/**
 * Loads one of evopatch's packages by `require`.
 *
 * @param path of a module in the package, such as 'face-api.js/package.json'
 * @param hint what to do if an optional package is not installed
 * @throws EvopatchError `MISSING_PACKAGE` if it is not installed or cannot start on this system.
 */
export function loadPackage<Module>(path: string, hint?: string): Module {
  try {
    return packageRequire()(path);
  } catch (cause) {
    throw missingPackage(path, cause, hint);
  }
}

/**
 * Gives the path of a file in one of evopatch's packages.
 *
 * @param path such as 'face-api.js/package.json'
 * @param hint what to do if an optional package is not installed
 * @throws EvopatchError `MISSING_PACKAGE` if it is not installed.
 */
export function packageResolve(path: string, hint?: string): string {
  try {
    return packageRequire().resolve(path);
  } catch (cause) {
    throw missingPackage(path, cause, hint);
  }
}

/**
 * Gives `require` from evopatch's own position: package managers may hide evopatch's packages from other code, and a program may
 * have another package with the same name.
 */
function packageRequire(): NodeJS.Require {
  const root = packageRoot();
  return createRequire(root === undefined ? ownUrl() : `${root}/package.json`);
}

/** Loads the package that draws. */
export function loadCanvas(): typeof import('canvas') {
  return withHome(() => loadPackage('canvas'));
}

/** Loads the package that decodes and encodes pictures. */
export function loadSharp(): typeof import('sharp').default {
  return loadPackage('sharp');
}

/** Loads the package that manages pools of threads. */
export function loadPiscina(): typeof import('piscina') {
  return loadPackage('piscina');
}

/** Makes the error that says which package is missing, where, why, and what to do about it. */
export function missingPackage(path: string, cause: unknown, hintIfAbsent = INSTALL): EvopatchError {
  const name = path.match(/^(?:@[^/]+\/)?[^/]+/)?.[0] ?? path;
  const { code, message } = cause as NodeJS.ErrnoException;
  const isAbsent = code === 'MODULE_NOT_FOUND' && message.includes(`'${path}'`);
  const problem = isAbsent
    ? `the package '${name}' is not installed`
    : `the package '${name}' cannot start on ${describeSystem()}: ${reasonOf(cause)}`;
  const hint = isAbsent
    ? hintIfAbsent
    : 'Install the packages on the system that they run on: delete node_modules and package-lock.json, then npm install';
  return new EvopatchError('MISSING_PACKAGE', problem, { package: name, hint }, cause);
}

/** Gives the reason of a failure; loaders of native code name what they looked for in their cause. */
function reasonOf(cause: unknown): string {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return reason instanceof Error ? reason.message.split('\n')[0] : String(reason);
}

/** Describes the system, as in 'linux-x64 (glibc 2.36)'. */
function describeSystem(): string {
  const system = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return system;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const { glibcVersionRuntime: glibc } = header;
  return `${system} (${glibc === undefined ? 'musl' : `glibc ${glibc}`})`;
}

/** Runs work with a home folder: the canvas package looks for fonts there when it loads, and fails without one. */
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
