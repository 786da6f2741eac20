import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { runCommandLine } from '../../src/cli/run.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const schemas = new Ajv({ strict: false });

/** @throws Error where a command's answer is not of its documented form */
export function checkAnswer(command: string, answer: unknown): void {
  const file = new URL(`../../docs/schemas/${command}.schema.json`, import.meta.url);
  const check =
    schemas.getSchema(command) ??
    schemas.addSchema(JSON.parse(readFileSync(file, 'utf8')), command).getSchema(command);
  if (check?.(answer) !== true) throw new Error(`${command} --json: ${schemas.errorsText(check?.errors)}`);
}

/** Whatever a test asks for as JSON has to be of the documented form. */
function checked(args: readonly string[], ended: Ended): Ended {
  const [command] = args;
  if (ended.code === 0 && args.includes('--json') && command !== 'help')
    checkAnswer(command, JSON.parse(ended.stdout));
  return ended;
}

/** Runs the built command to its end. */
export function evopatch(...args: string[]): Promise<Ended> {
  return start(args).ended;
}

/** Runs the command in this process, from its sources: for what needs no process of its own. */
export async function inProcess(...args: string[]): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const code = await runCommandLine(args, {
    signal: new AbortController().signal,
    print: (text) => {
      stdout += `${text}\n`;
    },
    progress: {
      write: (text: string) => {
        stderr += text;
      },
    },
  });
  return checked(args, { code, stdout, stderr });
}

/** Starts the built command; `environment` is added to this process's. */
export function start(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): {
  child: ChildProcess;
  ended: Promise<Ended>;
  said: (text: string) => Promise<void>;
  stderr: () => string;
} {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...environment } });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  }).then((result) => checked(args, result));
  /** Waits until the command has written this to its standard error. */
  const said = (text: string) =>
    Promise.race([
      new Promise<void>((resolve) => {
        const listener = () => {
          if (stderr.includes(text)) resolve();
        };
        listeners.add(listener);
        listener();
      }),
      ended.then(({ code }) => {
        throw new Error(`ended with ${code} before it said '${text}': ${stderr}`);
      }),
    ]);
  ended.catch(() => undefined);
  return { child, ended, said, stderr: () => stderr };
}
