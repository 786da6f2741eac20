import { VERSION } from '../core/version.ts';
import type { Engine } from '../nn/engine.ts';

/** Changes with the form of jobs, of the network specs in them, and of results. */
const FORMAT = 1;

/** What a coordinator and its workers must have in common, so that a training has the same outcome wherever it runs. */
export interface Identity {
  /** The release of evopatch. */
  readonly version: string;
  /** How the engine rounds. */
  readonly numerics: Engine['numerics'];
  readonly format: number;
}

export function identityOf({ numerics }: Engine): Identity {
  return { version: VERSION, numerics, format: FORMAT };
}

/** Names the queue of an identity, as in `evopatch-0.1.0-fused-1`: those who do not match never share a queue. */
export function queueNameOf({ version, numerics, format }: Identity): string {
  return `evopatch-${version}-${numerics}-${format}`;
}
