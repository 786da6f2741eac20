import { resolve } from 'node:path';
import { EvopatchError } from '../../core/errors.ts';
import type { OpenEvaluator } from '../../fitness/evaluator.ts';
import { checkQueue, queueEvaluator } from '../../queue/open-queue-evaluator.ts';
import { writeLine } from '../../summary/live-lines.ts';
import type { CommandContext, OptionTable, OptionValues, TextSpec } from '../command.ts';
import { CACHE } from '../outputs/output-forms.ts';

export const QUEUE_OPTION = {
  kind: 'text',
  placeholder: 'URL',
  optionPath: 'connection',
  description:
    'The server of a queue of trainings: redis://HOST:PORT, rediss://… for TLS, or postgres://…; without a password in it, that ' +
    'of EVOPATCH_QUEUE_PASSWORD.',
} as const satisfies TextSpec;

export const DATA_ROOT_OPTION = {
  kind: 'text',
  placeholder: 'DIR',
  description: 'The folder through which faces, states and models reach workers and come back.',
  default: 'queue in EVOPATCH_CACHE, else ~/.cache/evopatch/queue',
} as const satisfies TextSpec;

/** Options of commands that may leave the trainings to workers of a queue. */
export const QUEUE_OPTIONS = {
  queue: {
    ...QUEUE_OPTION,
    description: `Train on the workers of a queue (evopatch worker), with the same result. ${QUEUE_OPTION.description}`,
    default: 'threads of this process',
    check: async (url) => {
      if (url !== undefined) await checkQueue(url);
    },
  },
  'data-root': { ...DATA_ROOT_OPTION, output: CACHE },
  'serve-data': {
    kind: 'text',
    placeholder: '[HOST:]PORT',
    optionPath: 'serveData.port',
    description:
      'Serve that folder over HTTP to workers that do not see it and show the token of EVOPATCH_DATA_TOKEN; without HOST, to ' +
      'this machine alone.',
  },
} as const satisfies OptionTable;

export const QUEUE_HEADING = { 'On other machines': Object.keys(QUEUE_OPTIONS) };

/** Makes the evaluator that the options name; `undefined` for threads of this process. */
export function queueOf(
  values: OptionValues<typeof QUEUE_OPTIONS>,
  { progress }: CommandContext,
): OpenEvaluator | undefined {
  const { queue: connection, 'data-root': dataRoot, 'serve-data': address } = values;
  if (connection === undefined) {
    const option = (['data-root', 'serve-data'] as const).find((name) => values[name] !== undefined);
    if (option === undefined) return undefined;
    throw new EvopatchError('INVALID_OPTION', 'is for a queue', {
      option: `--${option}`,
      hint: 'Give --queue URL too',
    });
  }
  return queueEvaluator({
    connection,
    dataRoot: dataRoot && resolve(dataRoot),
    serveData: address === undefined ? undefined : parseAddress(address),
    onWarning: (message) => writeLine(progress, `warning: ${message}`),
  });
}

function parseAddress(address: string): { host?: string; port: number } {
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(address) ?? [];
  if (port === undefined) {
    const data = {
      option: '--serve-data',
      given: address,
      hint: 'Write PORT or HOST:PORT, as in 0.0.0.0:8431',
    };
    throw new EvopatchError('INVALID_OPTION', 'is not an address', data);
  }
  return { host: host?.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
