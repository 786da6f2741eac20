import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isThisMachine, thisMachine } from '../../src/core/process-identity.ts';
import { lockOwner, RunLock } from '../../src/core/run-lock.ts';

const CHILD = fileURLToPath(new URL('./lock-child.js', import.meta.url));

/** Whether this process may open a PID namespace, as containers have. */
const mayUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;

let folder: string;
let file: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  file = join(folder, 'lock');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

async function contend(moment: number): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [CHILD, file, `${moment}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(process.stderr); // seen by the guard against tests that print
  children.push(child);
  const [text] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return { child, said: `${text}`.trim() };
}

const writeOwner = (owner: object) =>
  writeFile(file, JSON.stringify({ token: 'x', since: 'then', ...owner }));

describe('a lock', () => {
  test('reports its owner to other processes, and is free after release', async () => {
    const lock = await RunLock.acquire(file);
    await expect(RunLock.acquire(file)).rejects.toMatchObject({
      code: 'RUN_LOCKED',
      data: { file, given: { pid: process.pid, host: hostname() } },
      message: expect.stringContaining(`process ${process.pid} on ${hostname()}`),
    });
    expect(await lockOwner(file)).toMatchObject({ pid: process.pid });
    expect(await readdir(folder)).toEqual(['lock']);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    expect(await lockOwner(file)).toBeUndefined();
    await (await RunLock.acquire(file)).release();
  });

  test('is acquired by exactly one of several processes at the same time', async () => {
    const moment = Date.now() + 1500;
    const contenders = await Promise.all(Array.from({ length: 4 }, () => contend(moment)));
    expect(contenders.map(({ said }) => said).sort()).toEqual([
      'RUN_LOCKED',
      'RUN_LOCKED',
      'RUN_LOCKED',
      'mine',
    ]);
  });

  test('of a killed process is taken over by exactly one of several', async () => {
    const { child } = await contend(0);
    const before = await readFile(file, 'utf8');
    child.kill('SIGKILL');
    await once(child, 'close');
    const moment = Date.now() + 1500;
    const contenders = await Promise.all(Array.from({ length: 4 }, () => contend(moment)));
    expect(contenders.filter(({ said }) => said === 'mine')).toHaveLength(1);
    expect(contenders.filter(({ said }) => said === 'RUN_LOCKED')).toHaveLength(3);
    expect(await readFile(file, 'utf8')).not.toBe(before);
    expect(await readdir(folder)).toEqual(['lock']);
  });

  test('is taken over even if an earlier takeover was killed', async () => {
    const dead = { pid: 2 ** 22 + 1, ...thisMachine() }; // above the maximum process id of Linux
    await writeOwner(dead);
    await writeFile(`${file}.takeover`, await readFile(file));
    const lock = await RunLock.acquire(file);
    expect(await readdir(folder)).toEqual(['lock']);
    await lock.release();
  });

  test.runIf(process.platform === 'linux')(
    'of a process whose number is another process now is stale',
    async () => {
      await writeOwner({ pid: process.pid, ...thisMachine(), processStart: '1' });
      expect(await lockOwner(file)).toBeUndefined();
      await (await RunLock.acquire(file)).release();
    },
  );

  test.each([
    ['of another machine', { pid: 1, ...thisMachine(), host: 'elsewhere' }],
    ['of another machine of the same name', { pid: 2 ** 22 + 1, ...thisMachine(), boot: 'another' }],
    ['of another PID namespace', { pid: 2 ** 22 + 1, ...thisMachine(), pidNamespace: 'pid:[1]' }],
    ['that cannot be read', { pid: 'damaged' }],
  ])('%s is stale after a quarter of an hour of silence', async (_what, owner) => {
    await writeOwner(owner);
    await expect(RunLock.acquire(file)).rejects.toMatchObject({ code: 'RUN_LOCKED' });
    expect(await lockOwner(file)).toBeDefined();
    const silent = new Date(Date.now() - 16 * 60_000);
    await utimes(file, silent, silent);
    await (await RunLock.acquire(file)).release();
  });

  test('sends heartbeats, and its owner detects a takeover', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const lock = await RunLock.acquire(file);
      const silent = new Date(Date.now() - 60_000);
      await utimes(file, silent, silent);
      const beat = async () => {
        vi.advanceTimersByTime(20_000);
        await new Promise((resolve) => setTimeout(resolve, 100));
      };
      await beat();
      expect((await stat(file)).mtimeMs).toBeGreaterThan(silent.getTime() + 30_000);
      await lock.check();
      await writeOwner({ pid: 1, host: 'elsewhere' });
      await beat();
      const since = (await stat(file)).mtimeMs;
      await beat();
      expect((await stat(file)).mtimeMs).toBe(since); // another process owns the heartbeat now
      await lock.release();
      expect(await readFile(file, 'utf8')).toContain('elsewhere');
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([
    ['taken over', () => writeOwner({ pid: 1, host: 'elsewhere' })],
    ['removed', () => rm(file)],
  ])('that was %s stops its former owner before the next write', async (_what, lose) => {
    const lock = await RunLock.acquire(file);
    await lock.check();
    await lose();
    await expect(lock.check()).rejects.toMatchObject({ code: 'RUN_LOCKED' });
    await lock.release();
  });

  test.runIf(mayUnshare)(
    'of a process in another PID namespace is not taken over while it lives',
    async () => {
      const inContainer = [
        '--pid',
        '--fork',
        '--mount-proc',
        '--kill-child',
        process.execPath,
        CHILD,
        file,
        '0',
      ];
      const child = spawn('unshare', inContainer, { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stderr.pipe(process.stderr);
      children.push(child);
      const [said] = await once(child.stdout, 'data');
      expect(`${said}`.trim()).toBe('mine');
      const owner = await lockOwner(file);
      expect(owner).toMatchObject({ host: hostname() });
      expect(isThisMachine(owner as ReturnType<typeof thisMachine>)).toBe(false);
      await expect(RunLock.acquire(file)).rejects.toMatchObject({ code: 'RUN_LOCKED' });
    },
  );

  test('is refused if the folder cannot be written', async () => {
    await writeFile(join(folder, 'occupied'), '');
    await expect(RunLock.acquire(join(folder, 'occupied', 'lock'))).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
    });
  });
});
