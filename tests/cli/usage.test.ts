import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { evolveCommand } from '../../src/cli/commands/evolve.ts';
import { commandHelp, generalHelp } from '../../src/cli/program/help.ts';
import { COMMANDS as ALL } from '../../src/cli/run.ts';
import { evopatch, inProcess, start } from './program.ts';

const COMMANDS = [
  'evolve',
  'resume',
  'runs',
  'evaluate',
  'inspect',
  'map',
  'regions',
  'landmarks',
  'predict',
  'cache',
  'bench',
];

describe('help', () => {
  test('lists the commands, the exit codes and a line to try', async () => {
    const { code, stdout, stderr } = await evopatch('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${name} .+`, 'm'));
    expect(stdout).toContain('130 interrupted');
    expect(stdout).toContain('evopatch evolve --data synthetic');
  });

  test.each(COMMANDS)('of %s shows usage, every option and examples', async (name) => {
    const { code, stdout } = await inProcess(name, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: evopatch ${name} `));
    expect(stdout).toContain('--json');
    expect(stdout.match(new RegExp(`^ {2}evopatch ${name} `, 'gm'))?.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
    expect((await inProcess('help', name)).stdout).toBe(stdout);
    expect((await inProcess(name, '-h')).stdout).toBe(stdout);
  });

  test.each([60, 72, 96])('fits a terminal of %i columns', (columns) => {
    for (const help of [generalHelp(ALL, columns), ...ALL.map((command) => commandHelp(command, columns))]) {
      for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  });

  test('keeps to the width of the terminal, or to that which COLUMNS says', async () => {
    const { stdout } = await start(['evolve', '--help'], { COLUMNS: '60' }).ended;
    expect(stdout).toBe(`${commandHelp(evolveCommand, 60)}\n`);
    const examples = stdout.slice(stdout.indexOf('Examples:')).replaceAll(/ \\\n +/g, ' ');
    for (const example of evolveCommand.examples) expect(examples).toContain(`  ${example}\n`);
  });

  test('of evolve shows ranges and defaults', async () => {
    const { stdout } = await inProcess('evolve', '--help');
    const flat = stdout.replaceAll(/\s+/g, ' ');
    expect(flat).toContain(
      '--generations N Generations, including the random first one (a whole number from 1; default: 20)',
    );
    expect(flat).toContain('evopatch evolve --data PATH --out DIR [OPTIONS]');
    expect(flat).toContain('--watch [PORT] Serve a live page of the run');
  });
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await evopatch('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  expect((await inProcess('-v')).stdout).toBe(`${version}\n`);
});

describe('wrong usage ends with 2 and two lines at most', () => {
  test.each<[string, string[], string]>([
    ['no command', [], 'Usage: evopatch COMMAND'],
    ['an unknown command', ['evolv'], "Did you mean 'evolve'?"],
    ['a command like no other', ['xyzzy'], "'evopatch --help' lists the commands"],
    ['help of an unknown command', ['help', 'mapp'], "Did you mean 'map'?"],
    ['an unknown option', ['evolve', '--generation', '3'], 'Did you mean --generations?'],
    ['an option like no other', ['map', '--xyzzy'], "'evopatch map --help' lists the options"],
    ['an option of another command', ['bench', 'train', '--population', '4'], 'no such option'],
    ['a missing option', ['evolve', '--data', 'synthetic'], "'--out': this option is required"],
    ['a missing value', ['evolve', '--out', '--data', 'x'], "'--out': this option needs a value"],
    ['a value for a flag', ['evolve', '--no-baseline=yes'], 'takes no value'],
    [
      'a number that is none',
      ['evolve', '--population', 'many'],
      "'--population': must be a whole number from 4",
    ],
    ['a number out of range', ['evolve', '--population', '1'], 'from 4 to 100000 (given: 1)'],
    ['a broken number', ['evolve', '--generations', '2.5'], 'must be a whole number from 1'],
    ['an unknown sampler', ['evolve', '--sampler', 'x'], 'must be one of nsga2, aging, random (given: x)'],
    [
      'impossible objectives',
      ['evolve', '--data', 'synthetic:70', '--out', 'x', '--objectives', 'macs'],
      `'--objectives': must begin with 'loss' or 'error' (given: ["macs"])`,
    ],
    ['an impossible port', ['evolve', '--watch=many'], "'--watch': must be a whole number from 1 to 65535"],
    ['a port out of range', ['resume', 'x', '--watch', '70000'], 'from 1 to 65535 (given: 70000)'],
    ['a word behind a bare option', ['evolve', '--watch', 'now'], 'unexpected word (given: now)'],
    ['a share above 1', ['evolve', '--margin', '2'], 'must be a number from 0 to 1'],
    ['a surplus word', ['evolve', 'now'], 'unexpected word (given: now)'],
    [
      'an unknown choice',
      ['inspect', '--network', 'vgg'],
      'must be one of reference, miniXception, tinyXception',
    ],
    ['no task', ['bench'], 'TASK must be one of train, infer, kernels, pipeline, rungs'],
    [
      'an unknown task',
      ['bench', 'fly'],
      'TASK must be one of train, infer, kernels, pipeline, rungs (given: fly)',
    ],
    ['a model to train', ['bench', 'train', '--model', 'x'], "only 'pipeline' takes this option"],
    ['data to train on', ['bench', 'train', '--data', 'x'], "only 'rungs' takes this option"],
    ['too few networks', ['bench', 'rungs', '--networks', '2'], 'from 3 to 10000 (given: 2)'],
    ['all engines', ['bench', 'rungs', '--engine', 'all'], "takes one engine, not 'all'"],
    [
      'two sources',
      ['inspect', '--network', 'baseline', '--run', 'x'],
      'exactly one of --model, --run, --network',
    ],
    ['no source', ['map', '--out', 'x.png'], 'exactly one of --model, --run'],
    [
      'the population of a model',
      ['map', '--model', 'x', '--of', 'population', '--out', 'y.png'],
      'only a run has a population',
    ],
    [
      'points without faces',
      ['map', '--run', 'x', '--points', 'y', '--out', 'z.png'],
      'Give --data PATH too',
    ],
    ['an unknown engine', ['bench', 'infer', '--engine', 'gpu'], 'there is no such engine'],
    [
      'an impossible count',
      ['evolve', '--data', 'synthetic:3', '--out', 'x'],
      'impossible number of synthetic faces',
    ],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await inProcess(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    if (args.length > 0) expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('as JSON too, where that is asked for', async () => {
    const { code, stdout, stderr } = await inProcess(
      'evolve',
      '--data',
      'synthetic',
      '--population',
      '1',
      '--json',
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'INVALID_OPTION',
        message: expect.stringContaining('from 4 to 100000'),
        option: '--population',
        given: '1',
      },
    });
    expect(stderr).toMatch(/^evopatch: '--population'/);
  });

  test('as a process, too', async () => {
    expect(await evopatch('evolv')).toEqual(await inProcess('evolv'));
  });

  test('with a stack trace only for those who ask', async () => {
    const { ended } = start(['evolv'], { EVOPATCH_DEBUG: '1' });
    expect((await ended).stderr).toMatch(/^\s+at /m);
  });
});
