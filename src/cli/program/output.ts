import { fstatSync, writeSync } from 'node:fs';

/**
 * A standard stream that may be lost: the reader of a pipe leaves, a disk is full, a terminal is closed. Later text is
 * discarded.
 */
export class Output {
  readonly #stream: NodeJS.WriteStream & { readonly fd: number };
  readonly #onLoss: () => void;
  #loss: NodeJS.ErrnoException | undefined;

  /** @param onLoss called once, when the stream is lost */
  constructor(stream: NodeJS.WriteStream & { readonly fd: number }, onLoss: () => void = () => undefined) {
    this.#stream = stream;
    this.#onLoss = onLoss;
    stream.on('error', (cause) => this.#lose(cause));
  }

  /** Why the stream was lost, if it was. */
  get loss(): NodeJS.ErrnoException | undefined {
    return this.#loss;
  }

  write(text: string): void {
    if (this.#loss !== undefined) return;
    try {
      if (isFile(this.#stream.fd)) writeWhole(this.#stream.fd, text);
      else this.#stream.write(text);
    } catch (cause) {
      this.#lose(cause as NodeJS.ErrnoException);
    }
  }

  #lose(cause: NodeJS.ErrnoException): void {
    if (this.#loss !== undefined) return;
    this.#loss = cause;
    this.#onLoss();
  }
}

function isFile(descriptor: number): boolean {
  return fstatSync(descriptor).isFile();
}

/** Writes until the disk has taken all bytes; a stream would not notice that it took only a part. */
function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; ) start += writeSync(descriptor, bytes, start);
}
