import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EvopatchError } from '../core/errors.ts';
import { EventStreams } from './event-streams.ts';
import { pagePolicy } from './page/page-script.ts';

const LOOPBACK = '127.0.0.1';
/** Host names that a request may carry. */
const OWN_NAMES = [LOOPBACK, 'localhost', '[::1]'];
/** Bytes of the secret in the address: too many to guess. */
const TOKEN_BYTES = 18;
/** How long `close` waits for pages to fetch the last state. */
const CLOSING_SECONDS = 3;

/** A page that is being served. */
export interface ReportServer {
  /** As in `http://127.0.0.1:40213/kXo3…/`; requests without the secret path are refused. */
  readonly url: string;
  /** Renders the page again at the next request; open pages fetch it. */
  changed(): void;
  /** Sends the progress of the run to open pages. */
  progress(progress: LiveProgress): void;
  /** Announces the end, lets open pages fetch the last state, and stops the server. */
  close(): Promise<void>;
}

/** The progress of a run, shown at the top of its page. */
export interface LiveProgress {
  readonly text: string;
  readonly completed: number;
  readonly total: number;
}

/**
 * Serves one page on 127.0.0.1, read-only, and keeps open pages up to date by server-sent events: `progress`, `changed` with
 * the number of the page's state, and `end`. The page and its events are below a secret path, so other users of the machine
 * cannot read them. No URL reaches the file system. Pages of other sites cannot read it, whichever host name they use for this
 * machine.
 *
 * @param render returns the page as HTML. It is called when a request needs a state that is not rendered yet, one call at a
 * time. Its `<html>` gets the attribute `data-live` with the number of the state, which makes the page's script listen.
 * @param port 1 to 65535, or 0 for any free one
 * @throws EvopatchError `INVALID_OPTION` where the port is not available.
 */
export async function serveReport(render: () => Promise<string>, port = 0): Promise<ReportServer> {
  const streams = new EventStreams();
  let state = 0;
  let page: Promise<string> | undefined;
  let rendering: Promise<unknown> = Promise.resolve();
  const currentPage = (): Promise<string> => {
    page ??= rendering.then(async () => {
      const rendered = state;
      return (await render()).replace('<html', `<html data-live="${rendered}"`);
    });
    rendering = page.catch(() => {
      page = undefined; // the next request tries again
    });
    return page;
  };
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const server = createServer((request, response) => {
    answer(request, response, { token, currentPage, streams }).catch((cause) => fail(response, cause));
  });
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${taken}/${token}/`,
    changed: () => {
      state++;
      page = undefined;
      streams.send('changed', { state });
    },
    progress: (progress) => streams.send('progress', progress),
    close: async () => {
      if (!streams.isEmpty) await currentPage().catch(() => undefined); // ready when they fetch it
      streams.send('end', {});
      await Promise.race([streams.empty(), sleep(1000 * CLOSING_SECONDS, undefined, { ref: false })]);
      streams.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Served {
  readonly token: string;
  readonly currentPage: () => Promise<string>;
  readonly streams: EventStreams;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { token, currentPage, streams }: Served,
): Promise<void> {
  for (const [name, value] of Object.entries(headers())) response.setHeader(name, value);
  const { method } = request;
  const path = pathBelow(token, request);
  const bodiless = method === 'HEAD';
  if (!isOwnHost(request)) refuse(response, 403, 'This page is only for this machine.');
  else if (path === undefined) refuse(response, 404, 'There is nothing here.');
  else if (method !== 'GET' && !bodiless) {
    response.setHeader('Allow', 'GET, HEAD');
    refuse(response, 405, 'This page can only be read.');
  } else if (path === '') {
    const html = await currentPage();
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(html));
    response.end(bodiless ? undefined : html);
  } else if (path === 'events' && !bodiless) streams.add(response);
  else if (path === 'events') response.setHeader('Content-Type', 'text/event-stream').end();
  else refuse(response, 404, 'There is nothing here.');
}

/** The headers of every response. */
function headers(): Readonly<Record<string, string>> {
  return {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `${pagePolicy(true)}; frame-ancestors 'none'`,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** Finds what follows `/TOKEN/` in the address; `undefined` for a wrong token, whichever it is in the same time. */
function pathBelow(token: string, { url = '' }: IncomingMessage): string | undefined {
  const [path] = url.split('?', 1);
  const [root, given = '', ...below] = path.split('/');
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const isKnown = timingSafeEqual(digest(given), digest(token));
  return isKnown && root === '' && below.length > 0 ? below.join('/') : undefined;
}

/**
 * Tells whether the request has exactly one host name, and one of this machine. A site whose name resolves to this machine
 * (DNS rebinding) is recognised by that name; of several names it is unclear which one counts.
 */
function isOwnHost({ headersDistinct, socket: { localPort } }: IncomingMessage): boolean {
  const [host, ...others] = headersDistinct.host ?? [];
  const names = OWN_NAMES.flatMap((name) => [`${name}:${localPort}`, ...(localPort === 80 ? [name] : [])]);
  return host !== undefined && others.length === 0 && names.includes(host.toLowerCase());
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}

function fail(response: ServerResponse, cause: unknown): void {
  if (response.headersSent) response.destroy();
  else
    refuse(response, 500, `The page cannot be rendered: ${cause instanceof Error ? cause.message : cause}`);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const problem =
        cause.code === 'EADDRINUSE' ? 'the port is in use' : `the port is not available: ${cause.message}`;
      const hint = 'Without a port, any free one is used';
      reject(new EvopatchError('INVALID_OPTION', problem, { option: 'port', given: port, hint }, cause));
    });
    server.listen(port, LOOPBACK, resolve);
  });
}
