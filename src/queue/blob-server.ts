import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { openFile } from '../core/open-file.ts';
import { strictOptions } from '../core/parse.ts';
import type { BlobFolder } from './blob-folder.ts';
import { type BlobKind, wrongContent } from './blob-store.ts';

const LOOPBACK = '127.0.0.1';
/** Fewer characters could be guessed. */
const MIN_TOKEN = 16;
const MAX_UPLOAD_BYTES = 2 ** 30;
const PATH = /^\/(data|exchange)\/([0-9a-f]{64})$/;

export interface ServeDataOptions {
  /** 1 to 65535. */
  readonly port: number;
  /** The address to listen on. @defaultValue 127.0.0.1, this machine alone */
  readonly host?: string;
  /** The secret that workers show, at least 16 characters. @defaultValue the environment variable `EVOPATCH_DATA_TOKEN` */
  readonly token?: string;
}

export const serveDataSchema = strictOptions({
  port: z.int().min(1).max(65_535),
  host: z.string().min(1).default(LOOPBACK),
  token: z.string().optional(),
});

export interface BlobServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves a folder to workers that show the token: they read everything and write outcomes, whose hash is checked.
 *
 * @throws EvopatchError `INVALID_OPTION` for a token that is missing or short, and for a port that is not available.
 */
export async function serveBlobs(
  folder: BlobFolder,
  { port, host = LOOPBACK, token }: ServeDataOptions,
): Promise<BlobServer> {
  const secret = digest(requireToken(token));
  const server = createServer((request, response) => {
    answer(folder, secret, request, response).catch((cause) => refuse(response, cause));
  });
  await listen(server, port, host);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @throws EvopatchError `INVALID_OPTION`, without the token */
export function requireToken(given: string | undefined): string {
  const token = given ?? process.env.EVOPATCH_DATA_TOKEN ?? '';
  if (token.length >= MIN_TOKEN) return token;
  const problem = token === '' ? 'is required' : `must have at least ${MIN_TOKEN} characters`;
  const hint =
    'Set EVOPATCH_DATA_TOKEN to the same secret here and for the workers, such as that of: openssl rand -hex 24';
  throw new EvopatchError('INVALID_OPTION', problem, { option: 'token', hint });
}

async function answer(
  folder: BlobFolder,
  secret: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, shown = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!timingSafeEqual(digest(shown), secret)) return end(response, 401);
  const [, kind, hash] = PATH.exec(request.url ?? '') ?? [];
  if (hash === undefined) return end(response, 404);
  if (request.method === 'GET') return await send(folder, kind as BlobKind, hash, response);
  if (request.method !== 'PUT' || kind !== 'exchange') return end(response, 405);
  await folder.write('exchange', hash, checked(request, hash));
  request.resume(); // what is stored already is not read
  end(response, 204);
}

async function send(
  folder: BlobFolder,
  kind: BlobKind,
  hash: string,
  response: ServerResponse,
): Promise<void> {
  if (!(await folder.has(kind, hash))) return end(response, 404);
  const handle = await openFile(folder.pathOf(kind, hash));
  response.setHeader('content-length', (await handle.stat()).size);
  await pipeline(handle.createReadStream(), response); // closes the file
}

/** Passes the parts of an upload on, and fails at its end if they are not what the hash promises. */
async function* checked(request: IncomingMessage, hash: string): AsyncGenerator<Uint8Array> {
  const sum = createHash('sha256');
  let bytes = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MAX_UPLOAD_BYTES) throw new EvopatchError('INVALID_DATA', 'the upload is too large');
    sum.update(part);
    yield part;
  }
  if (sum.digest('hex') !== hash) throw wrongContent(hash, 'upload');
}

function refuse(response: ServerResponse, cause: unknown): void {
  if (response.headersSent) response.destroy();
  else end(response, (cause as EvopatchError).code === 'INVALID_DATA' ? 422 : 500);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end();
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const data = {
        option: 'serveData',
        given: `${host}:${port}`,
        hint: 'Choose another port',
      };
      reject(new EvopatchError('INVALID_OPTION', `is not available: ${cause.code}`, data, cause));
    });
    server.listen(port, host, resolve);
  });
}
