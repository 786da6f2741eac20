// Workers in virtual time: a training ends when its seconds have passed, and the coordinator's own time passes too.

/**
 * Runs trainings on a number of virtual workers. Whenever the program has nothing left to do, the clock moves by the processor time
 * that it took, and then to the end of the next training.
 */
export class VirtualWorkers {
  now = 0;
  busySeconds = 0;
  coordinatorSeconds = 0;
  #free;
  #waiting = [];
  #running = []; // a binary heap by end
  #processor = processorSeconds();
  #measured = performance.now();
  #outside = 0; // milliseconds since then that are not the coordinator's
  #isPumping = false;

  constructor(count) {
    this.count = count;
    this.#free = count;
  }

  /** Calls what belongs to the simulation, whose time does not pass. */
  outside(call) {
    const before = performance.now();
    const value = call();
    this.#outside += performance.now() - before;
    return value;
  }

  /** The coordinator's processor time since the last call: its share of what this process took. To ask for that takes long too. */
  #spentSeconds() {
    const before = this.#processor;
    this.outside(() => {
      this.#processor = processorSeconds();
    });
    const now = performance.now();
    const share = 1 - this.#outside / (now - this.#measured);
    this.#measured = now;
    this.#outside = 0;
    return (this.#processor - before) * share;
  }

  /** Share of the workers' time, since the start, in which they trained. */
  get busyShare() {
    const open = this.#running.reduce((sum, { end }) => sum + Math.max(0, end - this.now), 0);
    return (this.busySeconds - open) / (this.count * this.now);
  }

  /** Ends when a worker has trained for this long; gives false once the signal aborts. */
  run(seconds, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve(false);
      this.#waiting.push({ seconds, resolve, signal });
      signal?.addEventListener('abort', () => resolve(false));
      this.#pump();
    });
  }

  #pump() {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      const spent = this.#spentSeconds();
      this.coordinatorSeconds += spent;
      this.now += spent;
      while (this.#free > 0 && this.#waiting.length > 0) {
        const { seconds, resolve, signal } = this.#waiting.shift();
        if (signal?.aborted) continue;
        this.#free--;
        this.busySeconds += seconds;
        push(this.#running, { end: this.now + seconds, resolve });
      }
      const next = pop(this.#running);
      if (next === undefined) return;
      this.#free++;
      this.now = Math.max(this.now, next.end);
      next.resolve(true);
      this.#pump();
    });
  }
}

/** Processor time of this process, all of its threads included. */
function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function push(heap, item) {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent].end <= heap[at].end) break;
    [heap[parent], heap[at]] = [heap[at], heap[parent]];
    at = parent;
  }
}

function pop(heap) {
  const [first] = heap;
  const last = heap.pop();
  if (heap.length === 0) return first;
  heap[0] = last;
  for (let at = 0; ; ) {
    const child = [2 * at + 1, 2 * at + 2].reduce(
      (least, one) => (one < heap.length && heap[one].end < heap[least].end ? one : least),
      at,
    );
    if (child === at) return first;
    [heap[at], heap[child]] = [heap[child], heap[at]];
    at = child;
  }
}
