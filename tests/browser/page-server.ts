import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

export interface PageServer {
  readonly url: string;
  close(): void;
}

/** Serves a blank page, texts and bytes by their paths, and folders below theirs. */
export async function servePage(
  files: Readonly<Record<string, string | Uint8Array>>,
  folders: Readonly<Record<string, string>> = {},
): Promise<PageServer> {
  const contentOf = async (path: string) => {
    const folder = Object.keys(folders).find((one) => path.startsWith(one));
    return folder === undefined ? files[path] : await readFile(folders[folder] + path.slice(folder.length));
  };
  const server = createServer(async ({ url = '' }, response) => {
    const content = await contentOf(url).catch(() => undefined);
    const missing = url === '/favicon.ico' ? 204 : 404;
    response.writeHead(content === undefined ? missing : 200, { 'content-type': TYPES[extname(url)] ?? '' });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
