import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sha256 } from '../../src/core/hash.ts';
import { BlobClient } from '../../src/queue/blob-client.ts';
import { BlobFolder } from '../../src/queue/blob-folder.ts';
import { serveBlobs } from '../../src/queue/blob-server.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { freePort } from './servers.ts';

const TOKEN = 'a token of more than sixteen characters';
const bytes = (text: string) => new TextEncoder().encode(text);

async function served() {
  const folder = new BlobFolder(temporaryFolder());
  await folder.prepare();
  const server = await serveBlobs(folder, { port: await freePort(), token: TOKEN });
  onTestFinished(server.close);
  vi.stubEnv('EVOPATCH_DATA_TOKEN', TOKEN);
  onTestFinished(() => void vi.unstubAllEnvs());
  const kept = temporaryFolder();
  return { folder, url: server.url, kept, client: new BlobClient(server.url, kept) };
}
const authorized = { authorization: `Bearer ${TOKEN}` };

test('a client reads and writes what the folder of the coordinator holds', async () => {
  const { folder, client } = await served();
  const hash = await folder.put('data', bytes('faces'));
  expect(await client.get('data', hash)).toEqual(bytes('faces'));
  const outcome = await client.put('exchange', bytes('outcome'));
  expect(await folder.get('exchange', outcome)).toEqual(Buffer.from('outcome'));
  expect(await client.put('exchange', bytes('outcome'))).toBe(outcome);
  await folder.remove(outcome);
  expect(await client.get('exchange', outcome)).toBeUndefined();
  expect(await client.file('data', outcome)).toBeUndefined();
});

test('faces are fetched once and kept; a damaged copy is fetched again', async () => {
  const { folder, client, kept } = await served();
  const hash = await folder.put('data', bytes('faces'));
  const file = (await client.file('data', hash)) as string;
  expect(readFileSync(file, 'utf8')).toBe('faces');
  writeFileSync(folder.pathOf('data', hash), 'no longer asked for');
  expect(await client.file('data', hash)).toBe(file);
  writeFileSync(folder.pathOf('data', hash), 'faces');
  writeFileSync(file, 'damaged');
  expect(await client.file('data', hash)).toBe(file);
  expect(readFileSync(file, 'utf8')).toBe('faces');
  expect(file.startsWith(kept)).toBe(true);
});

test('a content that its hash does not promise is refused everywhere', async () => {
  const { folder, client, kept, url } = await served();
  const hash = sha256('promised');
  writeFileSync(folder.pathOf('exchange', hash), 'other');
  const refused = { code: 'INVALID_DATA', message: expect.stringContaining(hash) };
  await expect(folder.get('exchange', hash)).rejects.toMatchObject(refused);
  await expect(folder.file('exchange', hash)).rejects.toMatchObject(refused);
  await expect(client.get('exchange', hash)).rejects.toMatchObject(refused);
  await expect(client.file('exchange', hash)).rejects.toMatchObject(refused);
  expect(existsSync(join(kept, 'exchange', hash))).toBe(false);
  const upload = sha256('an upload');
  const address = `${url}/exchange/${upload}`;
  const { status } = await fetch(address, { method: 'PUT', headers: authorized, body: 'another upload' });
  expect(status).toBe(422);
  expect(readdirSync(join(folder.root, 'exchange'))).toEqual([hash]);
});

test('the server answers only those who show the token, and nothing but contents by their hashes', async () => {
  const { folder, url } = await served();
  const hash = await folder.put('data', bytes('faces'));
  const status = async (path: string, options: RequestInit) =>
    (await fetch(`${url}/${path}`, options)).status;
  expect(await status(`data/${hash}`, { headers: authorized })).toBe(200);
  for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, `Basic ${btoa(`:${TOKEN}`)}`]) {
    expect(await status(`data/${hash}`, { headers: { authorization } })).toBe(401);
  }
  for (const path of [
    '',
    'data/',
    `data/${hash}x`,
    'data/..%2f..%2fetc%2fpasswd',
    `other/${hash}`,
    `data//${hash}`,
  ]) {
    expect(await status(path, { headers: authorized })).toBe(404);
  }
  expect(await status(`data/${sha256('new')}`, { method: 'PUT', headers: authorized, body: 'new' })).toBe(
    405,
  );
  expect(await status(`exchange/${hash}`, { method: 'DELETE', headers: authorized })).toBe(405);
});

test('a wrong token and a missing coordinator are said, without the token', async () => {
  const { folder, url, kept } = await served();
  const hash = await folder.put('data', bytes('faces'));
  const wrong = new BlobClient(url.replace('//', '//:another-long-secret@'), kept);
  const cause = await wrong.get('data', hash).catch((error) => error);
  expect(cause).toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
    message: expect.stringContaining('refuses the token'),
  });
  expect(JSON.stringify([cause, cause.message])).not.toContain('another-long-secret');
  vi.stubEnv('EVOPATCH_DATA_TOKEN', 'short secret');
  const short = await serveBlobs(folder, { port: await freePort() }).catch((error) => error);
  expect(short).toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining('16 characters') });
  expect(JSON.stringify([short, short.message])).not.toContain('short secret');
});
