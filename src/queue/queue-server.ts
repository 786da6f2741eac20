import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as BullMQ from 'bullmq';
import { EvopatchError } from '../core/errors.ts';
import { loadPackage, packageResolve } from '../core/packages.ts';

const OPEN_MILLISECONDS = 10_000;
/** How long to tidy up, in case the server is gone. */
export const CLOSING_MILLISECONDS = 5000;
/** Events are a wake-up call: whoever misses one asks for the state of its jobs. */
const MAX_EVENTS = 1000;

/** What BullMQ's queues, workers and listeners to events have in common. */
interface Client extends EventEmitter {
  waitUntilReady(): Promise<void>;
  close(): Promise<void>;
  disconnect(): Promise<void>;
}

/** Where queues are kept: the URL of a server, without secrets in what people see. */
export class QueueServer {
  /** The URL without user and password. */
  readonly name: string;
  /** BullMQ. */
  readonly bullmq: typeof BullMQ;
  readonly #connection: object;
  readonly #isPostgres: boolean;
  readonly #telemetry: object | undefined;

  /**
   * @param url `redis://`, `rediss://` (with TLS), `postgres://` or `postgresql://`; a URL without a password takes it from
   * `EVOPATCH_QUEUE_PASSWORD`
   * @throws EvopatchError `INVALID_OPTION` if it is no such URL, `MISSING_PACKAGE` if the packages for it are not installed.
   */
  constructor(url: string, telemetry?: object) {
    const address = parseUrl(url);
    const { protocol, host, pathname } = address;
    this.name = `${protocol}//${host}${pathname}`;
    this.#isPostgres = /^postgres/.test(protocol);
    const client = this.#isPostgres ? 'pg' : 'ioredis';
    const hint = `The queue needs two more packages: npm install bullmq ${client}`;
    this.bullmq = loadPackage('bullmq', hint);
    packageResolve(client, hint); // BullMQ loads it
    this.#connection = this.#isPostgres
      ? { connectionString: address.href, migrate: true }
      : redisOptions(address);
    this.#telemetry = telemetry;
  }

  queue(name: string): BullMQ.Queue {
    return this.#open(this.bullmq.Queue, name, { streams: { events: { maxLen: MAX_EVENTS } } });
  }

  events(name: string): BullMQ.QueueEvents {
    return this.#open(this.bullmq.QueueEvents, name, {});
  }

  worker(
    name: string,
    processor: BullMQ.Processor,
    options: Omit<BullMQ.WorkerOptions, 'connection'>,
  ): BullMQ.Worker {
    return this.#open(this.bullmq.Worker, name, processor, options);
  }

  /**
   * Waits until a client of this server is connected.
   *
   * @throws EvopatchError `QUEUE_UNAVAILABLE` if the server does not answer within ten seconds or refuses.
   */
  async ready(client: Client): Promise<void> {
    let reason: unknown = new Error('it does not answer');
    const note = (cause: unknown) => {
      reason = cause;
    };
    client.on('error', note);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(reason), OPEN_MILLISECONDS);
    });
    try {
      await Promise.race([client.waitUntilReady(), late]);
    } catch (cause) {
      throw this.unavailable(cause);
    } finally {
      clearTimeout(timer);
      client.off('error', note);
    }
  }

  /** Closes a client, within some time: one without a connection may wait for it. */
  async close(client: Client, milliseconds = CLOSING_MILLISECONDS): Promise<void> {
    if (!(await within(milliseconds, client.close()))) client.disconnect().catch(() => undefined);
  }

  unavailable(cause: unknown): EvopatchError {
    const hint = 'Check that the server runs, its address, user and password';
    const problem = `the queue at ${this.name} cannot be used: ${reasonOf(cause)}`;
    return new EvopatchError('QUEUE_UNAVAILABLE', problem, { hint }, cause);
  }

  /** Opens a client: its options are the last argument, which the backend follows. */
  #open<Made>(client: unknown, ...args: unknown[]): Made {
    const options = { ...(args.pop() as object), connection: this.#connection, telemetry: this.#telemetry };
    const backend = this.#isPostgres ? [this.bullmq.createPostgresBackend] : [];
    return new (client as new (...all: unknown[]) => Made)(...args, options, ...backend);
  }
}

const PROTOCOLS = ['redis:', 'rediss:', 'postgres:', 'postgresql:'];

function parseUrl(url: string): URL {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    // refused below
  }
  if (parsed === undefined || !PROTOCOLS.includes(parsed.protocol) || parsed.hostname === '') {
    const hint =
      'Write redis://HOST:PORT, rediss://USER:PASSWORD@HOST:PORT or postgres://USER@HOST:PORT/DATABASE';
    // without what was given, which may hold a password
    throw new EvopatchError('INVALID_OPTION', 'is not the URL of a queue', { option: 'connection', hint });
  }
  const { EVOPATCH_QUEUE_PASSWORD: password } = process.env;
  if (parsed.password === '' && password) parsed.password = encodeURIComponent(password);
  return parsed;
}

function redisOptions({ protocol, hostname, port, username, password, pathname }: URL): object {
  const db = Number(pathname.slice(1) || 0);
  if (!Number.isInteger(db)) {
    const hint = 'The path of a redis URL is the number of the database, as in redis://HOST:PORT/1';
    throw new EvopatchError('INVALID_OPTION', 'has no such database', {
      option: 'connection',
      given: pathname,
      hint,
    });
  }
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || 6379),
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    db,
    tls: protocol === 'rediss:' ? {} : undefined,
    maxRetriesPerRequest: null, // a call waits for the server to come back, as a run does
  };
}

/** The reason of a failure in one line; a failure of several addresses has only a code. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return (cause.message || (cause as NodeJS.ErrnoException).code || cause.name).split('\n')[0];
}

/** Waits for work, but not longer than some time. @returns whether it has ended, well or not */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return await Promise.race([ended, sleep(milliseconds, false, { ref: false })]);
}
