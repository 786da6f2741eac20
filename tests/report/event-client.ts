import { type ClientRequest, get, type IncomingMessage } from 'node:http';

export interface ServerEvent {
  readonly name: string;
  readonly data: unknown;
}

/** A client of server-sent events that records them. */
export interface EventClient {
  readonly response: IncomingMessage;
  readonly heard: readonly ServerEvent[];
  /** Comments received between the events. */
  comments(): number;
  /** Resolves with the first matching event, past or future; fails if the stream ends before. */
  until(holds: (event: ServerEvent) => boolean): Promise<ServerEvent>;
  readonly ended: Promise<void>;
  leave(): void;
}

export async function listenTo(url: string): Promise<EventClient> {
  let request: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(new URL('events', url), resolve).on('error', reject);
  });
  const heard: ServerEvent[] = [];
  let pending = '';
  let comments = 0;
  const wakes: (() => void)[] = [];
  const wakeAll = () => {
    for (const wake of wakes.splice(0)) wake();
  };
  response.setEncoding('utf8').on('data', (piece) => {
    const blocks = (pending + piece).split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, name, data] = /^event: (.+)\ndata: (.+)$/.exec(block) ?? [];
      if (name !== undefined) heard.push({ name, data: JSON.parse(data) });
      if (block.startsWith(':')) comments++;
    }
    wakeAll();
  });
  response.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => response.on('close', () => resolve()));
  ended.then(wakeAll);
  const until = async (holds: (event: ServerEvent) => boolean) => {
    for (;;) {
      const found = heard.find(holds);
      if (found !== undefined) return found;
      if (response.closed) throw new Error(`the stream ended after ${heard.length} events`);
      await new Promise<void>((resolve) => wakes.push(resolve));
    }
  };
  return { response, heard, comments: () => comments, until, ended, leave: () => request?.destroy() };
}
