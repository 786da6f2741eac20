import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenTo } from '../report/event-client.ts';
import { evopatch, start } from './program.ts';

const TINY = [
  ...['--data', 'synthetic:210', '--align', 'none', '--population', '4', '--fitness-epochs', '1'],
  ...[
    '--final-epochs',
    '1',
    '--finalists',
    '1',
    '--prefer',
    'accurate',
    '--no-baseline',
    '--controls',
    'none',
    '--workers',
    '1',
  ],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts a run under view and gives the address that it prints. */
async function watched(args: readonly string[]) {
  const run = start(args);
  await run.said('/\n'); // the end of an address
  const url = /^live view: (http:\S+)$/m.exec(run.stderr())?.[1] ?? '';
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}\/$/);
  return { ...run, url };
}

describe('--watch', () => {
  test('serves the run until it ends; then the process ends too', async () => {
    const out = join(folder, 'seen');
    const { url, ended } = await watched(['evolve', ...TINY, '--generations', '2', '--watch', '--out', out]);
    const clients = await Promise.all([listenTo(url), listenTo(url)]);
    await clients[0].until(({ name }) => name === 'progress');
    expect(await (await fetch(url)).text()).toContain('<main');
    await Promise.all(clients.map((client) => client.until(({ name }) => name === 'end')));
    expect(await (await fetch(url)).text()).toContain('data-generation="2"');
    for (const client of clients) client.leave();
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('best genome:') });
    await expect(fetch(url)).rejects.toThrow();
  });

  test('ends with 130 after Ctrl-C, whoever still looks; resume takes a port', async () => {
    const out = join(folder, 'interrupted');
    const args = ['evolve', ...TINY, '--generations', '1000', '--watch', '--out', out];
    const { url, child, said, ended } = await watched(args);
    const client = await listenTo(url);
    await said('generation 1:');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    await client.ended;
    expect(client.heard.at(-1)?.name).toBe('end');
    const result = JSON.parse(await readFile(join(out, 'result.json'), 'utf8'));
    expect(result.status).toBe('aborted');
    const { port } = new URL(url); // free again
    const resumed = await watched(['resume', '--watch', port, out]);
    expect(new URL(resumed.url).port).toBe(port);
    expect(resumed.url).not.toBe(url); // whoever has the old address has it no more
    await resumed.said('generation');
    resumed.child.kill('SIGINT');
    expect((await resumed.ended).code).toBe(130);
  });

  test('refuses a port that is in use before it does anything', async () => {
    const out = join(folder, 'first');
    const first = await watched(['evolve', ...TINY, '--generations', '1000', '--watch', '--out', out]);
    const { port } = new URL(first.url);
    const { code, stderr } = await evopatch(
      'evolve',
      ...TINY,
      '--watch',
      port,
      '--out',
      join(folder, 'second'),
    );
    first.child.kill('SIGINT');
    expect(code).toBe(2);
    expect(stderr).toBe(
      `evopatch: '--watch': the port is in use (given: ${port})\nWithout a port, any free one is used\n`,
    );
    expect((await first.ended).code).toBe(130);
  });
});
