import { readFile } from 'node:fs/promises';
import type { Engine } from '../nn/engine.ts';
import type { EvolveSettings } from './options.ts';

/** What a run was asked for and what it ran on, as plain data: the content of `run.json`. */
export async function describeRun(settings: EvolveSettings, engine: Engine): Promise<unknown> {
  const { dataset, signal: _signal, onEvent: _onEvent, runFolder: _runFolder, ...options } = settings;
  const { name: source, hash, classes, count, align, unaligned, skipped } = dataset;
  const { name, variant, numerics } = engine;
  return {
    format: 1,
    evopatch: await packageVersion(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    engine: { name, variant, numerics },
    dataset: { name: source, hash, classes, count, align, unaligned, skipped },
    options,
  };
}

async function packageVersion(): Promise<string> {
  const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
