// Says in plain words what went wrong.
import { Problem } from './files.ts';
import { ReaderError } from './reader.ts';

/** By the names of DOMExceptions of `getUserMedia`. */
const CAMERA: Readonly<Record<string, string>> = {
  NotAllowedError:
    'The browser may not use the camera. Allow it in the settings of this site, then try again.',
  NotFoundError: 'No camera was found.',
  NotReadableError: 'The camera cannot be read. Another program may be using it.',
};

export function wordsFor(error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (error instanceof DOMException && error.name in CAMERA) return CAMERA[error.name];
  if (error instanceof ReaderError) {
    const { problem, hint } = error.failure;
    return [problem, hint]
      .filter((part) => part !== undefined)
      .map(asSentence)
      .join(' ');
  }
  return asSentence(`Something went wrong: ${error instanceof Error ? error.message : error}`);
}

/** Says that a file is no model that evopatch can open. */
export function wordsForModel(name: string, error: unknown): string {
  if (!(error instanceof ReaderError) || error.failure.code !== 'INVALID_MODEL') return wordsFor(error);
  return `${name} is not a model that evopatch wrote, or it is damaged. ${wordsFor(error)}`;
}

function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
