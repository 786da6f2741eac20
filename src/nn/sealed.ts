import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { parseStrictJson } from '../core/strict-json.ts';
import { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.ts';

/** The formats of a sealed file: a single model, or several that answer together. */
export const MODEL_FORMAT = 'evopatch model';
export const ENSEMBLE_FORMAT = 'evopatch ensemble';
export type SealedFormat = typeof MODEL_FORMAT | typeof ENSEMBLE_FORMAT;

/** Fields, as plain data, and arrays of a `.safetensors` file. */
export interface SealedContent {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly tensors: Safetensors['tensors'];
}

/** The content of a sealed file with its format. */
export interface UnsealedContent extends SealedContent {
  readonly format: SealedFormat;
}

/** The version of sealed files. */
export const VERSION = '1';

/** A sealed file, read as far as its seal. Node and pages hash in different ways, so whoever opens it compares. */
export interface Sealed {
  /** The SHA-256 that the file states, 64 hexadecimal digits. */
  readonly seal: string;
  /** What it must be the SHA-256 of. */
  readonly sealed: Uint8Array;
  /** Reads the content. @throws EvopatchError `INVALID_DATA` */
  content(): UnsealedContent;
}

/**
 * Opens the bytes of `encodeSealed`.
 *
 * @throws EvopatchError `INVALID_MODEL` if they are damaged or of another format, without the name of the file.
 */
export function openSealed(bytes: Uint8Array): Sealed {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const { sha256: seal, ...described } = metadata;
  const { format, version, ...fields } = described;
  if (format !== MODEL_FORMAT && format !== ENSEMBLE_FORMAT) {
    throw invalid('this is not a model of evopatch', { given: format ?? 'no format' });
  }
  if (version !== VERSION) {
    const hint = `This release of evopatch reads version ${VERSION}`;
    throw invalid('the model has another version', { given: version ?? 'none', hint });
  }
  return {
    seal,
    sealed: encodeSafetensors({ metadata: described, tensors }),
    content: () => {
      const values = Object.entries(fields).map(([name, json]) => [name, parseStrictJson(json)]);
      return { format, fields: Object.fromEntries(values), tensors };
    },
  };
}

/** Makes the error for a file whose seal is broken. */
export function brokenSeal(): EvopatchError {
  return invalid('the checksum does not match the content');
}

/** Runs a function and adds the name of the file to its errors. @param file `undefined` for bytes in memory */
export function namingModel<T>(file: string | undefined, hint: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof EvopatchError)) throw cause;
    throw new EvopatchError('INVALID_MODEL', cause.problem, { hint, ...cause.data, file }, cause);
  }
}

function invalid(problem: string, data: ErrorData = {}): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, data);
}
