import { join } from 'node:path';

/** The files and folders of a run, relative to its folder. */
export const RUN_FILES = {
  description: 'run.json',
  /** One line for each training, in the order in which they ended. */
  history: 'history.jsonl',
  /** The decisions of an asynchronous search, and the results that each of them knew. */
  decisions: 'decisions.jsonl',
  weights: 'weights',
  checkpoint: 'checkpoint.json',
  previousCheckpoint: 'checkpoint.previous.json',
  result: 'result.json',
  /** The chosen network. */
  model: 'models/best.safetensors',
  maps: 'maps',
  /** The models that `evopatch ensemble` trains. */
  members: 'members',
  /** There as long as a process works on the run. */
  lock: 'lock',
} as const;

/** The path of a file of a run. */
export function runFile(folder: string, name: keyof typeof RUN_FILES): string {
  return join(folder, RUN_FILES[name]);
}

/** The path of the model of a genome that a run trained in full. */
export function finalistFile(folder: string, hash: string): string {
  return join(folder, 'models', `${hash.slice(0, 8)}.safetensors`);
}

/** The path of a map of a run, as numbers or as a picture. */
export function mapFile(folder: string, subject: 'best' | 'population', kind: 'json' | 'png'): string {
  return join(runFile(folder, 'maps'), `${subject}.${kind}`);
}
