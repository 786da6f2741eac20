import { execFileSync } from 'node:child_process';
import { describe } from 'vitest';

/** A network of its own, which a link joins to this machine's. */
export interface TestNetwork {
  /** Address of this machine in it. */
  readonly address: string;
  /** Words before a command that is to run in it. */
  readonly inside: readonly string[];
  cut(): void;
  heal(): void;
  remove(): void;
}

const ip = (...words: string[]) => execFileSync('ip', words, { stdio: 'ignore' });
const SUBNET = `10.213.${process.pid % 256}`;
const NAME = `evopatch-${process.pid}`;
const [HERE, THERE] = [`evoa${process.pid}`, `evob${process.pid}`].map((name) => name.slice(0, 15));

/** Makes a network namespace. @throws where the system has none, or this user may not. */
export function makeNetwork(): TestNetwork {
  const inside = ['ip', 'netns', 'exec', NAME];
  const remove = () => {
    try {
      ip('netns', 'del', NAME); // and with it the link
    } catch {
      // there is none
    }
  };
  try {
    ip('netns', 'add', NAME);
    ip('link', 'add', HERE, 'type', 'veth', 'peer', 'name', THERE);
    ip('link', 'set', THERE, 'netns', NAME);
    ip('addr', 'add', `${SUBNET}.1/24`, 'dev', HERE);
    ip('link', 'set', HERE, 'up');
    ip('-n', NAME, 'addr', 'add', `${SUBNET}.2/24`, 'dev', THERE);
    ip('-n', NAME, 'link', 'set', THERE, 'up');
  } catch (cause) {
    remove();
    throw cause;
  }
  return {
    address: `${SUBNET}.1`,
    inside,
    cut: () => ip('link', 'set', HERE, 'down'),
    heal: () => ip('link', 'set', HERE, 'up'),
    remove,
  };
}

/** Describes tests with a network of their own; they are skipped, with the reason in their name, where none can be made. */
export function describeNetwork(name: string, tests: () => void): void {
  try {
    makeNetwork().remove();
    describe(name, tests);
  } catch {
    describe.skip(`${name} (no network namespaces, or no right to make them)`, tests);
  }
}
