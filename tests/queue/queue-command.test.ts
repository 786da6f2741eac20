import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { evopatch, inProcess, start } from '../cli/program.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { describePostgres, describeRedis, freePort, startPostgres, startRedis } from './servers.ts';

const TIME = { timeout: 300_000 };
const PASSWORD = 'the-password-of-the-queue';
const TOKEN = 'the-token-of-the-data-server';
const SMALL =
  '--data synthetic:140 --population 4 --generations 1 --finalists 1 --prefer accurate --no-baseline --controls none ' +
  '--final-epochs 1 --fitness-epochs 4 --max-patches 2 --max-macs 200000';

/** The bytes of a result, but for its times and the time of its machine. */
const resultOf = (run: string) =>
  readFileSync(join(run, 'result.json'), 'utf8').replace(/"timing": \{[^}]*\}/, '');

/** All that a folder's files contain. */
const contentOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('');

/** Makes a certificate for 127.0.0.1. */
function certificate(folder: string): { key: string; cert: string } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const words =
    'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1';
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key, cert };
}

describeRedis('evolve --queue and worker', () => {
  test('train over TLS, with a password and served data, and leave no secret anywhere', TIME, async () => {
    const folder = temporaryFolder();
    const { key, cert } = certificate(folder);
    const port = await freePort();
    const tls = `--tls-port ${port} --tls-cert-file ${cert} --tls-key-file ${key} --tls-ca-cert-file ${cert} --tls-auth-clients no`;
    const server = await startRedis(...tls.split(' '), '--requirepass', PASSWORD);
    onTestFinished(server.stop);
    const environment = {
      NODE_EXTRA_CA_CERTS: cert,
      EVOPATCH_QUEUE_PASSWORD: PASSWORD,
      EVOPATCH_DATA_TOKEN: TOKEN,
    };
    const url = `rediss://127.0.0.1:${port}`;
    const data = await freePort();
    const worker = start(
      ['worker', '--queue', url, '--data-root', `http://127.0.0.1:${data}`, '--workers', '1'],
      {
        ...environment,
        EVOPATCH_CACHE: join(folder, 'cache of the worker'),
      },
    );
    const words = ['--queue', url, '--data-root', join(folder, 'data'), '--serve-data', `${data}`];
    const run = join(folder, 'run');
    const { code, stdout, stderr } = await start(
      ['evolve', ...SMALL.split(' '), '--out', run, ...words],
      environment,
    ).ended;
    expect(code, stderr).toBe(0);
    worker.child.kill('SIGTERM');
    const ended = await worker.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/^\d+ trainings for evopatch-/);
    const local = join(folder, 'local');
    await evopatch('evolve', ...SMALL.split(' '), '--out', local);
    expect(resultOf(run)).toBe(resultOf(local));
    const report = join(run, 'report.html');
    expect((await evopatch('report', run, '--out', report)).code).toBe(0);
    const everything =
      contentOf(run) + contentOf(join(folder, 'data')) + stdout + stderr + ended.stdout + ended.stderr;
    for (const secret of [PASSWORD, TOKEN]) expect(everything).not.toContain(secret);
  });

  test('say what is wrong with a server before any work, without its password', TIME, async () => {
    const folder = temporaryFolder();
    const server = await startRedis('--requirepass', PASSWORD);
    onTestFinished(server.stop);
    const evolve = ['evolve', '--data', 'synthetic:140', '--out', join(folder, 'run'), '--json'];
    const wrong = server.url.replace('//', '//:wrong-password@');
    for (const args of [
      [...evolve, '--queue', wrong],
      ['worker', '--queue', wrong, '--data-root', folder, '--json'],
      [...evolve, '--queue', `redis://:wrong-password@127.0.0.1:${await freePort()}`],
    ]) {
      const { code, stdout, stderr } = await evopatch(...args);
      expect(code).toBe(1);
      expect(JSON.parse(stdout).error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
      expect(stdout + stderr).not.toContain('wrong-password');
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a coordinator that nobody works for says so', TIME, async () => {
    const folder = temporaryFolder();
    const server = await startRedis();
    onTestFinished(server.stop);
    const words = ['--queue', server.url, '--data-root', join(folder, 'data'), '--out', join(folder, 'run')];
    const coordinator = start(['evolve', ...SMALL.split(' '), ...words]);
    await coordinator.said('no worker takes jobs from evopatch-');
    coordinator.child.kill('SIGINT');
    expect([1, 130]).toContain((await coordinator.ended).code);
  });
});

describePostgres('evolve --queue and worker on PostgreSQL', () => {
  test('train with the result of a local run', TIME, async () => {
    const folder = temporaryFolder();
    const server = await startPostgres();
    onTestFinished(server.stop);
    const words = ['--queue', server.url, '--data-root', join(folder, 'data')];
    const worker = start(['worker', ...words, '--workers', '2']);
    const { code, stderr } = await evopatch(
      'evolve',
      ...SMALL.split(' '),
      ...words,
      '--out',
      join(folder, 'run'),
    );
    expect(code, stderr).toBe(0);
    worker.child.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
    await evopatch('evolve', ...SMALL.split(' '), '--out', join(folder, 'local'));
    expect(resultOf(join(folder, 'run'))).toBe(resultOf(join(folder, 'local')));
  });
});

test.each([
  [['--queue', 'http://127.0.0.1'], 'is not the URL of a queue', '--queue'],
  [['--queue', 'redis://:secret-in-url@127.0.0.1/name'], 'has no such database', '--queue'],
  [['--queue', 'secret-in-url'], 'is not the URL of a queue', '--queue'],
  [['--data-root', 'folder'], 'is for a queue', '--data-root'],
  [['--serve-data', '8431'], 'is for a queue', '--serve-data'],
])('evolve %j is refused', async (words, problem, option) => {
  const { code, stdout, stderr } = await inProcess(
    'evolve',
    '--data',
    'synthetic:140',
    '--out',
    'unused',
    ...words,
    '--json',
  );
  expect(code).toBe(2);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'INVALID_OPTION',
    option,
    message: expect.stringContaining(problem),
  });
  expect(stdout + stderr).not.toContain('secret-in-url');
});
