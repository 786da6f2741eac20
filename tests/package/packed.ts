import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const MODULES = join(ROOT, 'node_modules');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project that evopatch was installed into, from its packed archive. */
export interface PackedProject {
  readonly folder: string;
  /** Runs a program of Node in the project. */
  node(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended>;
  /** Runs the installed command in the project. */
  evopatch(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended>;
  /** Takes a package, or its binary, out of the project, as if it had never been installed. Gives what puts it back. */
  hide(name: keyof typeof HIDING): () => void;
}

/** How packages come to be missing: the whole package, or what a system without its binary has of it. */
const HIDING = {
  canvas: (folder: string) => copyWithout(folder, 'canvas', []),
  sharp: (folder: string) => copyWithout(folder, 'sharp', ['@img/colour', 'detect-libc', 'semver']),
  '@tensorflow/tfjs-core': (folder: string) => rmSync(join(folder, '@tensorflow/tfjs-core')),
  '@tensorflow/tfjs-backend-wasm': (folder: string) => rmSync(join(folder, '@tensorflow/tfjs-backend-wasm')),
  'face-api.js': (folder: string) => rmSync(join(folder, 'face-api.js')),
  piscina: (folder: string) => rmSync(join(folder, 'piscina')),
};

/**
 * Packs the package as it is built and installs it, with links to the packages that it declares and to no others.
 *
 * @param layout 'flat' as npm installs, or 'isolated' as pnpm does: the project sees evopatch alone
 */
export function installPacked(folder: string, layout: 'flat' | 'isolated' = 'flat'): PackedProject {
  const pack = ['pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', folder];
  const archive = execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' }).trim();
  const visible = join(folder, 'node_modules');
  const modules = layout === 'flat' ? visible : join(visible, '.store/evopatch/node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, archive), '-C', modules]);
  cpSync(join(modules, 'package'), join(modules, 'evopatch'), { recursive: true });
  rmSync(join(modules, 'package'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "project", "type": "module" }\n');
  const { bin, dependencies } = JSON.parse(readFileSync(join(modules, 'evopatch/package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) link(modules, name);
  if (layout === 'isolated') symlinkSync(join(modules, 'evopatch'), join(visible, 'evopatch'));
  const main = join(modules, 'evopatch', bin.evopatch);
  chmodSync(main, 0o755);
  symlinkSync(main, join(modules, '.bin/evopatch'));
  const node: PackedProject['node'] = (args, environment) => run(folder, args, environment);
  return {
    folder,
    node,
    evopatch: (args, environment) => node([main, ...args], environment),
    hide: (name) => {
      HIDING[name](modules);
      return () => {
        rmSync(join(modules, name), { recursive: true, force: true });
        link(modules, name);
      };
    },
  };
}

/** Links a package of this checkout into a folder of packages. */
export function link(modules: string, name: string): void {
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  symlinkSync(join(MODULES, name), join(modules, name));
}

/** A copy finds, from where it lies, only what lies beside it: not the binary of its system. */
function copyWithout(modules: string, name: string, needed: readonly string[]): void {
  rmSync(join(modules, name));
  cpSync(join(MODULES, name), join(modules, name), { recursive: true });
  for (const other of needed) if (!existsSync(join(modules, other))) link(modules, other);
}

function run(cwd: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...environment }, maxBuffer: 2 ** 26 };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({
        code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
        stdout,
        stderr,
      });
    });
  });
}
