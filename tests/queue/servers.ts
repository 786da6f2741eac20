import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe } from 'vitest';

/** A server of queues on a free port of this machine, with its files in a folder of its own. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Ends it as a lost machine would, and starts it again on the same files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const ON_PATH = (process.env.PATH ?? '').split(':');
/** Debian keeps the programs of PostgreSQL in a folder for each version. */
const POSTGRES_ROOT = '/usr/lib/postgresql';
const POSTGRES_FOLDERS = existsSync(POSTGRES_ROOT)
  ? readdirSync(POSTGRES_ROOT).map((version) => join(POSTGRES_ROOT, version, 'bin'))
  : [];

const find = (name: string, folders: readonly string[]) =>
  folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
const REDIS = process.env.REDIS_SERVER ?? find('redis-server', ON_PATH);
const INITDB = process.env.POSTGRES_INITDB ?? find('initdb', [...POSTGRES_FOLDERS, ...ON_PATH]);

/** Describes tests with a Redis server of their own; without redis-server they are skipped, with the reason in their name. */
export const describeRedis = describeWith(REDIS, 'no redis-server, nor REDIS_SERVER that names one');
/** The same with PostgreSQL. */
export const describePostgres = describeWith(
  INITDB,
  'no PostgreSQL, nor POSTGRES_INITDB that names its initdb',
);

function describeWith(program: string | undefined, reason: string) {
  return (name: string, tests: () => void) => {
    if (program === undefined) describe.skip(`${name} (${reason})`, tests);
    else describe(name, tests);
  };
}

/** @param options further words of its command line */
export async function startRedis(...options: string[]): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'evopatch-redis-'));
  const port = await freePort();
  const words = [
    '--bind',
    '127.0.0.1',
    '--port',
    `${port}`,
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
  ];
  const start = () =>
    spawn(REDIS as string, [...words, '--appendfsync', 'always', ...options], { stdio: 'ignore' });
  return await server(`redis://127.0.0.1:${port}`, port, folder, start);
}

export async function startPostgres(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'evopatch-postgres-'));
  const port = await freePort();
  const data = join(folder, 'data');
  const programs = join(INITDB as string, '..');
  const asUser = userOfPostgres(folder);
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'evopatch', '-A', 'trust', '--no-sync'], {
    stdio: 'ignore',
    ...asUser,
  });
  const words = ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder];
  const start = () => spawn(join(programs, 'postgres'), words, { stdio: 'ignore', ...asUser });
  return await server(`postgres://evopatch@127.0.0.1:${port}/postgres`, port, folder, start);
}

/** PostgreSQL does not run as root. */
function userOfPostgres(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (kind: string) => Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }));
  const user = { uid: id('-u'), gid: id('-g') };
  execFileSync('chown', [`${user.uid}:${user.gid}`, folder]);
  return user;
}

async function server(
  url: string,
  port: number,
  folder: string,
  start: () => ChildProcess,
): Promise<TestServer> {
  let child = start();
  await answering(port);
  const kill = async () => {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await ended;
    }
  };
  return {
    url,
    port,
    restart: async () => {
      await kill();
      child = start();
      await answering(port);
    },
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      once(socket, 'error').then(
        () => false,
        () => false,
      ),
    ]);
    socket.destroy();
    if (open) return;
    await sleep(50);
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
