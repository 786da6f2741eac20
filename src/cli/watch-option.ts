import type { OptionSpec } from './command.ts';

export const WATCH_OPTION = {
  kind: 'integer',
  placeholder: 'PORT',
  minimum: 1,
  maximum: 65_535,
  bare: 0,
  description:
    'Show the run in a browser while it goes on: the page at the address that is printed follows it. It can only be ' +
    'read, on this machine (127.0.0.1), and by whoever knows the whole address.',
  default: 'no page; without PORT any free one',
} as const satisfies OptionSpec;
