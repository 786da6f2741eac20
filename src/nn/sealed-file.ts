import { canonicalJson } from '../core/canonical-json.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { fileKind, isText } from '../core/file-kind.ts';
import { sha256 } from '../core/hash.ts';
import { readWholeFile } from '../core/open-file.ts';
import { parseStrictJson } from '../core/strict-json.ts';
import { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.ts';

/** Where the header of a `.safetensors` file begins, after its length as 64 bits. */
const JSON_START = 8;
const BRACE = 0x7b;
const MAX_FILE_BYTES = 2 ** 30;

/** The formats of a sealed file: a single model, or several that answer together. */
export const MODEL_FORMAT = 'evopatch model';
export const ENSEMBLE_FORMAT = 'evopatch ensemble';
export type SealedFormat = typeof MODEL_FORMAT | typeof ENSEMBLE_FORMAT;

/** Fields, as plain data, and arrays of a `.safetensors` file. */
export interface SealedContent {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly tensors: Safetensors['tensors'];
}

const VERSION = '1';

/**
 * Writes a `.safetensors` file: format, version, the fields as JSON (undefined ones are left out), the arrays, and the
 * SHA-256 of all that. Equal contents give equal bytes.
 */
export function encodeSealed(format: SealedFormat, { fields, tensors }: SealedContent): Uint8Array {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const metadata = Object.fromEntries(given.map(([name, value]) => [name, canonicalJson(value)]));
  const described = { ...metadata, format, version: VERSION };
  return encodeSafetensors({ metadata: { ...described, sha256: digest(described, tensors) }, tensors });
}

/**
 * Decodes the bytes of `encodeSealed`.
 *
 * @throws EvopatchError `INVALID_MODEL` if it is damaged or of another format, without the name of the file.
 */
export function decodeSealed(bytes: Uint8Array): SealedContent & { readonly format: SealedFormat } {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const { sha256: expected, ...described } = metadata;
  const { format, version, ...fields } = described;
  if (format !== MODEL_FORMAT && format !== ENSEMBLE_FORMAT) {
    throw invalid('this is not a model of evopatch', { given: format ?? 'no format' });
  }
  if (version !== VERSION) {
    const hint = `This release of evopatch reads version ${VERSION}`;
    throw invalid('the model has another version', { given: version ?? 'none', hint });
  }
  if (expected !== digest(described, tensors)) throw invalid('the checksum does not match the content');
  const values = Object.entries(fields).map(([name, json]) => [name, parseStrictJson(json)]);
  return { format, fields: Object.fromEntries(values), tensors };
}

/**
 * Reads a file that looks like a model.
 *
 * @throws EvopatchError `INVALID_MODEL` if it is a file of another kind, `INVALID_DATA` if it is too large to be a model,
 * `FILE_SYSTEM`.
 */
export async function readModelBytes(file: string): Promise<Uint8Array> {
  const bytes = await readWholeFile(file, { problem: 'cannot read the model', maxBytes: MAX_FILE_BYTES });
  if (bytes[JSON_START] === BRACE) return bytes;
  const kind =
    bytes.length === 0 ? 'an empty file' : (fileKind(bytes)?.name ?? (isText(bytes) ? 'a text' : undefined));
  const hint =
    'Give a .safetensors file that evopatch wrote, such as model.safetensors of a training or models/best.safetensors of a run.';
  throw invalid(
    kind === undefined
      ? 'this is not a model file of evopatch'
      : `this is ${kind}, not a model file of evopatch`,
    { file, hint },
  );
}

/** Runs a function and adds the name of the file to its errors. */
export function namingModel<T>(file: string, hint: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof EvopatchError)) throw cause;
    throw new EvopatchError('INVALID_MODEL', cause.problem, { hint, ...cause.data, file }, cause);
  }
}

/** Hashes everything except the hash itself, independent of the order in the file. */
function digest(metadata: Safetensors['metadata'], tensors: Safetensors['tensors']): string {
  return sha256(encodeSafetensors({ metadata, tensors }));
}

function invalid(problem: string, data: ErrorData = {}): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, data);
}
