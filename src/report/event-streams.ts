import type { ServerResponse } from 'node:http';

/** Further clients are refused. */
const MAX_CLIENTS = 512;
/** A client that leaves more than this unread is dropped; it reconnects by itself. */
const MAX_UNREAD_BYTES = 65_536;
const HEARTBEAT_SECONDS = 15;
const RETRY_MILLISECONDS = 2000;

/**
 * Clients of server-sent events (WHATWG HTML, 9.2). Each first receives the last event of every name, so a client that comes
 * late or reconnects is up to date.
 */
export class EventStreams {
  readonly #clients = new Set<ServerResponse>();
  readonly #latest = new Map<string, string>();
  readonly #heartbeat = setInterval(() => this.#write(': still here\n\n'), 1000 * HEARTBEAT_SECONDS).unref();
  #onEmpty: () => void = () => undefined;

  get isEmpty(): boolean {
    return this.#clients.size === 0;
  }

  /** Adds a client, or refuses it with 503 where there are too many. */
  add(response: ServerResponse): void {
    if (this.#clients.size >= MAX_CLIENTS) {
      response.writeHead(503).end();
      return;
    }
    this.#clients.add(response);
    response.on('error', () => undefined); // it has gone, as 'close' says too
    response.on('close', () => {
      this.#clients.delete(response);
      if (this.isEmpty) this.#onEmpty();
    });
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`retry: ${RETRY_MILLISECONDS}\n\n${[...this.#latest.values()].join('')}`);
  }

  /** @param data plain data, sent as JSON */
  send(name: string, data: unknown): void {
    const event = `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    this.#latest.set(name, event);
    this.#write(event);
  }

  /** Resolves when the last client has gone. */
  async empty(): Promise<void> {
    if (this.isEmpty) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** Ends the heartbeat. */
  close(): void {
    clearInterval(this.#heartbeat);
  }

  #write(text: string): void {
    for (const client of this.#clients) {
      if (client.destroyed) continue;
      if (client.writableLength > MAX_UNREAD_BYTES) client.destroy();
      else client.write(text);
    }
  }
}
