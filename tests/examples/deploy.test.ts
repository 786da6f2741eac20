import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { describeRedis, freePort, startRedis } from '../queue/servers.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const file = (name: string) => join(ROOT, 'examples', 'deploy', name);
const textOf = (name: string) => readFileSync(file(name), 'utf8');
const [COMPOSE, KUBERNETES, UNIT] = ['compose.yaml', 'kubernetes.yaml', 'evopatch-worker.service'];

/** Says why a tool cannot check, or nothing. */
function missing(program: string, ...words: string[]): string {
  return spawnSync(program, words).status === 0 ? '' : ` (skipped: no ${[program, ...words].join(' ')})`;
}

const PYTHON = process.env.EVOPATCH_PYTHON ?? 'python3';

describe('the examples of deployment are of their forms', () => {
  /** The tool that checks each, and a mistake that it has to find. */
  const checks = [
    {
      name: COMPOSE,
      tool: [PYTHON, '-m', 'check_jsonschema', '--builtin-schema', 'vendor.compose-spec'],
      wrong: (text: string) => text.replace('stop_grace_period', 'stop_grace_time'),
    },
    {
      name: KUBERNETES,
      tool: [PYTHON, '-m', 'kubernetes_validate', '--strict'],
      wrong: (text: string) => text.replace('terminationGracePeriodSeconds', 'terminationGracePeriod'),
    },
    {
      name: UNIT,
      tool: ['systemd-analyze', 'verify'],
      wrong: (text: string) => text.replace('/usr/bin/env', 'env-of-nowhere'),
    },
  ];
  for (const { name, tool, wrong } of checks) {
    const [program, ...words] = tool;
    const reason = missing(program, ...(program === PYTHON ? words.slice(0, 2) : []), '--version');
    test.skipIf(reason)(`${name}${reason}`, () => {
      const check = (path: string) => {
        const { status, stdout, stderr } = spawnSync(program, [...words, path], { encoding: 'utf8' });
        return { status, said: stdout + stderr };
      };
      expect(check(file(name))).toMatchObject({ status: 0 });
      const broken = join(temporaryFolder(), name);
      writeFileSync(broken, wrong(textOf(name)));
      expect(check(broken).status).not.toBe(0);
    });
  }
});

const PASSWORD = 'the-password-of-the-queue';
const SMALL =
  '--data synthetic:140 --population 4 --generations 1 --finalists 1 --prefer accurate --no-baseline --controls none ' +
  '--final-epochs 1 --fitness-epochs 4 --max-patches 2 --max-macs 200000';

/** Where the hosts and folders of the files are on this machine: on loopback, in a folder of the test. */
interface Place {
  readonly folder: string;
  readonly queue: number;
  readonly data: number;
}

function placed(text: string, { folder, queue, data }: Place): string {
  return text
    .replace(/--data \S+/, SMALL)
    .replaceAll('redis://queue:6379', `redis://127.0.0.1:${queue}`)
    .replaceAll('http://evopatch-coordinator:8431', `http://127.0.0.1:${data}`)
    .replaceAll('0.0.0.0:8431', `127.0.0.1:${data}`)
    .replace(/(?<![\w:/.])\/(runs|exchange|cache)\b/g, `${folder}/$1`);
}

/** Starts a command of the files with the built `evopatch`. */
function start(command: string, place: Place, environment: Record<string, string>) {
  const programs = join(place.folder, 'bin');
  const program = join(programs, 'evopatch');
  if (!existsSync(program)) {
    mkdirSync(programs);
    const main = join(ROOT, 'dist', 'cli', 'main.js');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, { mode: 0o755 });
  }
  const PATH = `${programs}${delimiter}${process.env.PATH}`;
  const child = spawn('sh', ['-c', `exec ${placed(command, place)}`], { env: { PATH, ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended };
}

/** Lets the coordinator search with the workers, and again resume its run; then ends the workers as a deployment does. */
async function expectSearch(
  coordinator: () => ReturnType<typeof start>,
  workers: readonly ReturnType<typeof start>[],
  { folder }: Place,
): Promise<void> {
  const first = await coordinator().ended;
  expect(first.code, first.output).toBe(0);
  expect(existsSync(join(folder, 'runs', 'first', 'result.json'))).toBe(true);
  const again = await coordinator().ended;
  expect(again.code, again.output).toBe(0);
  for (const { child } of workers) child.kill('SIGTERM');
  const ends = await Promise.all(workers.map(({ ended }) => ended));
  for (const { code, output } of ends) expect(code, output).toBe(0);
  expect(ends.map(({ output }) => output).join('')).toMatch(/[1-9]\d* trainings for evopatch-/);
}

/** The words of a container of Kubernetes as a line for a shell. */
function lineOf({ command = [], args }: { command?: string[]; args: string[] }): string {
  return [...command, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

describeRedis('the commands in the examples of deployment search', () => {
  const SLOW = { timeout: 120_000 };

  test('in containers of one machine, with a shared folder', SLOW, async () => {
    const { services } = parse(textOf(COMPOSE));
    const options = services.queue.command
      .replace(/\$\{.*?\}/, PASSWORD)
      .split(' ')
      .slice(1);
    const server = await startRedis(...options);
    onTestFinished(server.stop);
    const place = { folder: temporaryFolder(), queue: server.port, data: 0 };
    const run = ({ command, environment }: { command: string; environment: Record<string, string> }) => {
      const values = Object.entries(environment).map(([name, value]) => [
        name,
        value.replace(/\$\{QUEUE_PASSWORD\}/, PASSWORD),
      ]);
      return start(command, place, Object.fromEntries([...values, ['HOME', place.folder]]));
    };
    const workers = [run(services.worker), run(services.worker)];
    await expectSearch(() => run(services.coordinator), workers, place);
  });

  test('in a cluster, with served data, and under systemd', SLOW, async () => {
    const [deployment, job, service] = parseAllDocuments(textOf(KUBERNETES)).map((one) => one.toJS());
    const server = await startRedis('--requirepass', PASSWORD);
    onTestFinished(server.stop);
    const place = { folder: temporaryFolder(), queue: server.port, data: await freePort() };
    const secrets: Record<string, string> = {
      'queue-password': PASSWORD,
      'data-token': 'the-token-of-the-data-server',
    };
    const run = ({ spec }: { spec: { template: { spec: { containers: [Container] } } } }) => {
      const [container] = spec.template.spec.containers;
      const values = container.env.map(({ name, value, valueFrom }) => [
        name,
        value === undefined ? secrets[valueFrom?.secretKeyRef.key ?? ''] : placed(value, place),
      ]);
      return start(lineOf(container), place, Object.fromEntries(values));
    };
    expect(service.spec.selector).toEqual(job.spec.template.metadata.labels);
    expect(deployment.spec.selector.matchLabels).toEqual(deployment.spec.template.metadata.labels);
    const setting = (name: string) => textOf(UNIT).match(new RegExp(`^${name}=(.*)$`, 'm'))?.[1] ?? '';
    const [name, cache] = setting('Environment').split('=');
    const underSystemd = start(setting('ExecStart'), place, {
      HOME: '/', // that of a dynamic user
      [name]: cache.replace('%C', place.folder),
      EVOPATCH_QUEUE: `redis://127.0.0.1:${place.queue}`,
      EVOPATCH_DATA: `http://127.0.0.1:${place.data}`,
      EVOPATCH_QUEUE_PASSWORD: PASSWORD,
      EVOPATCH_DATA_TOKEN: secrets['data-token'],
    });
    await expectSearch(() => run(job), [run(deployment), underSystemd], place);
  });
});

interface Container {
  readonly command?: string[];
  readonly args: string[];
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly key: string } };
  }[];
}
