import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ReportServer, serveReport } from '../../src/report/live-server.ts';
import { pagePolicy } from '../../src/report/page/page-script.ts';
import { listenTo } from './event-client.ts';

const PAGE = '<!doctype html><html lang="en"><title>a run</title><main>first</main></html>';

const open: ReportServer[] = [];
async function serve(render: () => Promise<string> = async () => PAGE): Promise<ReportServer> {
  const server = await serveReport(render);
  open.push(server);
  return server;
}
afterEach(async () => {
  vi.useRealTimers();
  for (const server of open.splice(0)) await server.close();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** @param path below the page's address, or from the root where it begins with a slash */
function ask(url: string, path = '', method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, port, pathname } = new URL(url);
  const whole = path.startsWith('/') ? path : `${pathname}${path}`;
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path: whole, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asking.on('error', reject).end();
  });
}

describe('the page', () => {
  test('carries the number of its state and a strict policy', async () => {
    const { url } = await serve();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}\/$/);
    const { status, headers, body } = await ask(url);
    expect(status).toBe(200);
    expect(body).toBe(PAGE.replace('<html', '<html data-live="0"'));
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = headers['content-security-policy'];
    expect(policy).toBe(`${pagePolicy(true)}; frame-ancestors 'none'`);
    expect(policy).toContain("default-src 'none'");
    expect(headers['access-control-allow-origin']).toBeUndefined();
    const head = await ask(url, '', 'HEAD');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(body)));
  });

  test('is rendered once for each state, for all clients, and one state at a time', async () => {
    let [rendered, atOnce, most] = [0, 0, 0];
    const server = await serve(async () => {
      most = Math.max(most, ++atOnce);
      const text = `<html>${rendered++}</html>`;
      await sleep(20);
      atOnce--;
      return text;
    });
    await Promise.all(Array.from({ length: 20 }, () => ask(server.url)));
    expect(rendered).toBe(1);
    server.changed();
    const early = ask(server.url);
    await vi.waitFor(() => expect(rendered).toBe(2), { interval: 1 });
    server.changed();
    const late = await Promise.all([ask(server.url), ask(server.url)]);
    expect((await early).body).toBe('<html data-live="1">1</html>');
    for (const { body } of late) expect(body).toBe('<html data-live="2">2</html>');
    expect([rendered, most]).toEqual([3, 1]);
  });

  test('says why it cannot be rendered, and is tried again', async () => {
    let attempts = 0;
    const { url } = await serve(async () => {
      if (attempts++ === 0) throw new Error('run.json is damaged');
      return PAGE;
    });
    expect(await ask(url)).toMatchObject({
      status: 500,
      body: 'The page cannot be rendered: run.json is damaged\n',
    });
    expect((await ask(url)).status).toBe(200);
  });
});

describe('refuses', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s', async (method) => {
    const { url } = await serve();
    for (const path of ['', 'events']) {
      const { status, headers } = await ask(url, path, method);
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    }
  });

  test.each([
    ...['run.json', '../../etc/passwd', '%2e%2e/package.json', '/etc/passwd', 'events/x', 'events/', '//etc'],
    ...['/', '/events', '/index.html', '/favicon.ico', '//', '*', '/events?token='],
  ])('the path %s', async (path) => {
    const { url } = await serve();
    expect(await ask(url, path)).toMatchObject({ status: 404, body: 'There is nothing here.\n' });
  });

  test('requests without the whole address, for any path', async () => {
    const { url } = await serve();
    const [, token] = new URL(url).pathname.split('/');
    const changed = [
      token.slice(0, -1),
      `${token}A`,
      (token.startsWith('A') ? 'B' : 'A') + token.slice(1),
      token.toLowerCase() === token ? token.toUpperCase() : token.toLowerCase(),
      '',
      'A'.repeat(token.length),
      'A'.repeat(10_000),
      encodeURIComponent('é'.repeat(12)),
    ];
    for (const one of changed) {
      for (const path of [`/${one}/`, `/${one}/events`, `/${one}`, `/?${token}`, `/x/${token}/`]) {
        for (const method of ['GET', 'HEAD', 'POST']) {
          expect((await ask(url, path, method)).status).toBe(404);
        }
      }
    }
    expect((await ask(url, `/${token}`)).status).toBe(404);
    expect((await ask(url)).status).toBe(200);
    expect((await serve()).url.split('/')[3]).not.toBe(token);
  });

  /** Sends a raw request and gives the first line of the response, empty if the connection closes without one. */
  async function askRaw(port: string, text: string): Promise<string> {
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece) => {
      answer += piece;
    });
    socket.on('error', () => undefined);
    socket.write(text);
    await vi.waitFor(() => expect(socket.closed || answer.includes('\r\n')).toBe(true), { interval: 5 });
    socket.destroy();
    return answer.split('\r\n')[0];
  }

  test('requests without exactly one host header of this machine', async () => {
    const { url } = await serve();
    const { port, pathname } = new URL(url);
    const own = `127.0.0.1:${port}`;
    const request = (...hosts: string[]) =>
      `GET ${pathname} HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join('')}Connection: close\r\n\r\n`;
    for (const host of [own, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])
      expect(await askRaw(port, request(host))).toBe('HTTP/1.1 200 OK');
    for (const hosts of [
      ['evil.example'],
      [`evil.example:${port}`],
      ['127.0.0.1'],
      ['127.0.0.1:1'],
      ['localhost'],
      [''],
      [`127.0.0.1.evil.example:${port}`],
      [`evil.example:${port}@${own}`],
      [`0.0.0.0:${port}`],
      [`${own}, evil.example`],
      [own, `evil.example:${port}`],
      [`evil.example:${port}`, own],
      [own, own],
    ])
      expect(await askRaw(port, request(...hosts))).toBe('HTTP/1.1 403 Forbidden');
    expect(await askRaw(port, request())).toMatch(/^HTTP\/1\.1 400 /);
    expect(await askRaw(port, `GET ${pathname} HTTP/1.0\r\n\r\n`)).toBe('HTTP/1.1 403 Forbidden');
    expect(
      await askRaw(port, `GET ${pathname}events HTTP/1.1\r\nhOsT: evil.example\r\nHost: ${own}\r\n\r\n`),
    ).toBe('HTTP/1.1 403 Forbidden');
    const elsewhere = `GET http://evil.example:${port}${pathname} HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`;
    expect(await askRaw(port, elsewhere)).toBe('HTTP/1.1 404 Not Found');
  });

  test('a port that is in use', async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    await expect(serveReport(async () => PAGE, port)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data: { option: 'port', given: port },
      message: expect.stringContaining('the port is in use'),
    });
  });
});

describe('events', () => {
  test('reach every client, and late clients get the last of each', async () => {
    const server = await serve();
    const clients = await Promise.all(Array.from({ length: 50 }, () => listenTo(server.url)));
    expect(clients[0].response.headers['content-type']).toBe('text/event-stream');
    server.progress({ text: 'generation 1 of 2', completed: 1, total: 9 });
    server.changed();
    server.changed();
    const isSecond = ({ name, data }: { name: string; data: unknown }) =>
      name === 'changed' && (data as { state: number }).state === 2;
    for (const client of clients) {
      await client.until(isSecond);
      expect(client.heard.map(({ name }) => name)).toEqual(['progress', 'changed', 'changed']);
    }
    const late = await listenTo(server.url);
    await late.until(isSecond);
    expect(late.heard).toEqual([
      { name: 'progress', data: { text: 'generation 1 of 2', completed: 1, total: 9 } },
      { name: 'changed', data: { state: 2 } },
    ]);
    for (const client of [...clients, late]) client.leave();
  });

  test('reach 512 clients; more are refused', async () => {
    const server = await serve();
    const clients = await Promise.all(Array.from({ length: 512 }, () => listenTo(server.url)));
    expect((await ask(server.url, 'events')).status).toBe(503);
    server.changed();
    for (const client of clients) await client.until(({ name }) => name === 'changed');
    clients[0].leave();
    await vi.waitFor(async () => {
      const next = await listenTo(server.url);
      clients.push(next);
      expect(next.response.statusCode).toBe(200);
    });
    for (const client of clients) client.leave();
  });

  test('keep the connection alive', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const server = await serve();
    const client = await listenTo(server.url);
    vi.advanceTimersByTime(30_000);
    await vi.waitFor(() => expect(client.comments()).toBe(2));
    client.leave();
  });

  test('drop a client that does not read, without waiting for it', async () => {
    const server = await serve();
    const { hostname, port, pathname } = new URL(server.url);
    const deaf = connect(Number(port), hostname);
    deaf.on('error', () => undefined);
    deaf.pause();
    deaf.write(`GET ${pathname}events HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    const client = await listenTo(server.url);
    const text = 'x'.repeat(50_000);
    for (let completed = 1; completed <= 400; completed++) {
      server.progress({ text, completed, total: 400 });
      await client.until(({ data }) => (data as { completed: number }).completed === completed);
    }
    client.leave();
    await client.ended;
    const dropped = new Promise<void>((resolve) => deaf.on('close', () => resolve()));
    deaf.resume();
    await dropped; // times out if the client is kept
  });
});

describe('the end', () => {
  test('lets open pages fetch the last state first', async () => {
    const server = await serveReport(async () => PAGE);
    const client = await listenTo(server.url);
    server.changed();
    let isClosed = false;
    const closing = server.close().then(() => {
      isClosed = true;
    });
    await client.until(({ name }) => name === 'end');
    expect((await ask(server.url)).body).toContain('data-live="1"');
    expect(isClosed).toBe(false);
    client.leave();
    await closing;
    await expect(ask(server.url)).rejects.toThrow('ECONNREFUSED');
  });

  test('does not wait long for a client that stays', async () => {
    const server = await serveReport(async () => PAGE);
    const client = await listenTo(server.url);
    await server.close();
    await client.ended;
    expect(client.heard.at(-1)).toEqual({ name: 'end', data: {} });
  });
});
