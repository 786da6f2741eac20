import type { Dataset } from '../data/dataset.ts';
import { PoolEvaluator, type PoolOptions } from '../fitness/pool-evaluator.ts';
import type { TrainingJob } from './job.ts';

/** Data sets whose threads are kept; more only while they all work. */
const KEPT = 2;

interface OpenPool {
  readonly pool: Promise<PoolEvaluator>;
  jobs: number;
}

/** The threads of a worker: a pool for each data set that its jobs are about. */
export class DatasetPools {
  readonly #load: (dataset: TrainingJob['dataset']) => Promise<Dataset>;
  readonly #options: Omit<PoolOptions, 'dataset'>;
  readonly #pools = new Map<string, OpenPool>();

  constructor(
    load: (dataset: TrainingJob['dataset']) => Promise<Dataset>,
    options: Omit<PoolOptions, 'dataset'>,
  ) {
    this.#load = load;
    this.#options = options;
  }

  /** Lends the pool of a data set to a job, which loads the faces if they are not there. */
  async use<Result>(
    dataset: TrainingJob['dataset'],
    work: (pool: PoolEvaluator) => Promise<Result>,
  ): Promise<Result> {
    const open = this.#pools.get(dataset.hash) ?? this.#open(dataset);
    open.jobs++;
    try {
      return await work(await open.pool);
    } finally {
      open.jobs--;
    }
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    await Promise.allSettled(pools.map(async ({ pool }) => await (await pool).close()));
  }

  #open(dataset: TrainingJob['dataset']): OpenPool {
    this.#closeIdle();
    const pool = this.#load(dataset).then((faces) => new PoolEvaluator({ ...this.#options, dataset: faces }));
    pool.catch(() => this.#pools.delete(dataset.hash)); // the next job tries again
    const open = { pool, jobs: 0 };
    this.#pools.set(dataset.hash, open);
    return open;
  }

  #closeIdle(): void {
    for (const [hash, { pool, jobs }] of this.#pools) {
      if (this.#pools.size < KEPT) return;
      if (jobs > 0) continue;
      this.#pools.delete(hash);
      pool.then((idle) => idle.close()).catch(() => undefined);
    }
  }
}
