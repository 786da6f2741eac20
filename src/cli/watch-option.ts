import type { OptionSpec } from './command.ts';

export const WATCH_OPTION = {
  kind: 'integer',
  placeholder: 'PORT',
  minimum: 1,
  maximum: 65_535,
  bare: 0,
  description:
    'Serve a live page of the run at the address that is printed: read-only, on this machine (127.0.0.1), below a secret ' +
    'path.',
  default: 'no page; without PORT any free port',
} as const satisfies OptionSpec;
