import type * as FileSystem from 'node:fs/promises';

/** What befalls the nth call of the file system, and all after it where the process is dead. */
export interface Fault {
  readonly call: number;
  readonly kind: 'ENOSPC' | 'EROFS' | 'EIO' | 'crash before' | 'crash after';
}

/** `node:fs/promises` whose calls that change something, or that open, are counted and may fail. */
export class FaultyFiles {
  /** Calls so far, in words. */
  readonly calls: string[] = [];
  fault: Fault | undefined;
  readonly #real: typeof FileSystem;

  constructor(real: typeof FileSystem) {
    this.#real = real;
  }

  arm(fault?: Fault): void {
    this.calls.length = 0;
    this.fault = fault;
  }

  /** The module to put in the place of the real one. */
  get module(): typeof FileSystem {
    const real = this.#real;
    const wrap = <Args extends unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) => {
      return (...args: Args): Promise<Result> => this.#run(name, () => call(...args));
    };
    const wrapHandle = (handle: FileSystem.FileHandle): FileSystem.FileHandle => {
      for (const name of ['sync', 'datasync', 'appendFile', 'truncate', 'writeFile'] as const) {
        const call = handle[name].bind(handle) as (...args: unknown[]) => Promise<unknown>;
        Object.assign(handle, { [name]: wrap(`handle.${name}`, call) });
      }
      const close = handle.close.bind(handle);
      const closed = wrap('handle.close', async () => undefined);
      return Object.assign(handle, { close: () => close().then(closed) }); // closed whatever it says
    };
    return {
      ...real,
      open: async (...args: Parameters<typeof real.open>) => {
        let handle: FileSystem.FileHandle | undefined;
        try {
          return await this.#run('open', async () => {
            handle = await real.open(...args);
            return wrapHandle(handle);
          });
        } catch (cause) {
          await handle?.close(); // opened, but nobody has it
          throw cause;
        }
      },
      writeFile: wrap('writeFile', real.writeFile),
      rename: wrap('rename', real.rename),
      link: wrap('link', real.link),
      mkdir: wrap('mkdir', real.mkdir),
      rm: wrap('rm', real.rm),
    } as typeof FileSystem;
  }

  async #run<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
    this.calls.push(name);
    const { fault } = this;
    if (fault === undefined || this.calls.length < fault.call) return await call();
    const first = this.calls.length === fault.call;
    if (fault.kind.startsWith('crash')) {
      if (first && fault.kind === 'crash after') await call();
      throw new Error('the process is dead');
    }
    if (!first) return await call();
    throw Object.assign(new Error(`${fault.kind}: ${name}`), { code: fault.kind });
  }
}
