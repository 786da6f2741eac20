import * as z from 'zod';
import { parse } from '../core/parse.ts';
import type { Dataset } from '../data/dataset.ts';
import type { EvolutionEvent } from '../search/events.ts';
import { formatCount, formatSeconds } from '../summary/format.ts';
import { initialStatus, paceOf, type RunStatus, statusAfter } from '../summary/run-status.ts';
import { type LiveProgress, serveReport } from './live-server.ts';
import { readReport } from './read-report.ts';

/** Interval between updates of the progress. */
const UPDATE_MILLISECONDS = 500;

export interface WatchOptions {
  /** The folder of the run; it need not exist yet. */
  readonly runFolder: string;
  /** 1 to 65535, or 0 for any free one. @defaultValue 0 */
  readonly port?: number;
  /** Gives the data of the run, for per-class scores. Called whenever the page is rendered, since the data may not be loaded
   * when the view begins. */
  readonly dataset?: () => Dataset | undefined;
}

/** The live report of a run. */
export interface RunView {
  /** The address, only on this machine and with a secret path: as in `http://127.0.0.1:40213/kXo3…/`. */
  readonly url: string;
  /** Updates the view after an event of the run. */
  readonly show: (event: EvolutionEvent) => void;
  /** Sends the last state to open pages, and stops the server. */
  readonly end: () => Promise<void>;
}

const optionsSchema = z.strictObject({
  runFolder: z.string().min(1),
  port: z.int().min(0).max(65_535).optional(),
  dataset: z.custom<WatchOptions['dataset']>((value) => typeof value === 'function').optional(),
});

/**
 * Serves the report of a run on 127.0.0.1, read-only, and keeps it up to date during the run. The page is rendered from the
 * files of the run, only when it is requested.
 *
 * ```ts
 * const view = await watchRun({ runFolder: 'runs/first' });
 * console.log(view.url);
 * const run = evolvePatches({ dataset, runFolder: 'runs/first', onEvent: view.show });
 * const result = await run.finally(view.end);
 * ```
 *
 * @throws EvopatchError `INVALID_OPTION`, also where the port is in use.
 */
export async function watchRun(options: WatchOptions): Promise<RunView> {
  const { runFolder, port, dataset } = parse(optionsSchema, options, 'INVALID_OPTION');
  const start = performance.now();
  const now = () => (performance.now() - start) / 1000;
  let status: RunStatus | undefined; // defined as soon as there is a folder to read
  let isSent = true;
  const server = await serveReport(async () => {
    if (status === undefined) return (await import('./page/waiting-page.ts')).waitingPage();
    const { reportPage } = await import('./page/page.ts');
    const data = await readReport({ runs: [runFolder], dataset: dataset?.() });
    return reportPage(data, { live: true });
  }, port);
  const sendProgress = () => {
    if (status !== undefined && !isSent) server.progress(liveProgress(status, now()));
    isSent = true;
  };
  const timer = setInterval(sendProgress, UPDATE_MILLISECONDS).unref();
  return {
    url: server.url,
    show: (event) => {
      status = statusAfter(status ?? initialStatus, event, now());
      isSent = false;
      if (CHANGES.has(event.type)) server.changed();
    },
    end: async () => {
      clearInterval(timer);
      server.changed(); // by now the result is written
      await server.close();
    },
  };
}

/** Events after which the files of a run have new content. */
const CHANGES: ReadonlySet<EvolutionEvent['type']> = new Set(['start', 'checkpoint', 'baseline', 'final']);

/** As in `Generation 3 of 20: 45 of 200 networks trained, about 40 s left.` */
function liveProgress(status: RunStatus, now: number): LiveProgress {
  const { phase, history, generations, progress } = status;
  const { left } = paceOf(status, now);
  const current = Math.min(history.length + 1, generations);
  const stage = phase === 'search' ? `Generation ${current} of ${generations}` : PHASES[phase];
  const rest = left === undefined || left <= 0 ? '' : `, about ${formatSeconds(left)} left`;
  const counts = `${formatCount(progress.completed)} of ${formatCount(progress.total)} networks trained`;
  return { text: `${stage}: ${counts}${rest}.`, ...progress };
}

const PHASES = { finalists: 'Finalists', 'random search': 'Random layouts', controls: 'Controls' } as const;
