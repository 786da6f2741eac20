import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Core from '@tensorflow/tfjs-core';
import { type Engine, openEngine } from '../../../src/nn/engine.ts';

/** An engine of TensorFlow.js, or why it cannot run here. */
export interface TfjsEngine {
  /** Its name, for the names of tests, with the reason where it cannot run. */
  readonly title: string;
  readonly engine?: Engine;
  /** TensorFlow.js as the engine has loaded it. */
  readonly core?: typeof Core;
}

/** Opens 'tfjs' and 'tfjs-node'. Where EVOPATCH_TFJS_NODE names a folder, the latter must run. */
export async function tfjsEngines(): Promise<readonly TfjsEngine[]> {
  const folder = process.env.EVOPATCH_TFJS_NODE;
  const at = folder ? join(folder, 'package.json') : import.meta.url;
  // Loaded first: of several copies, the last to be loaded runs on the backends of all.
  const node = await openEngine('tfjs-node').catch((cause: Error) => {
    if (folder) throw cause;
    return cause;
  });
  const plain = { title: 'tfjs', engine: await openEngine('tfjs:cpu'), core: load(import.meta.url) };
  if (node instanceof Error) {
    const reason = 'skipped: scripts/build-tfjs-node.sh builds it in a folder for EVOPATCH_TFJS_NODE';
    return [plain, { title: `tfjs-node (${reason})` }];
  }
  return [plain, { title: 'tfjs-node', engine: node, core: load(at) }];
}

function load(at: string): typeof Core {
  return createRequire(at)('@tensorflow/tfjs-core');
}
