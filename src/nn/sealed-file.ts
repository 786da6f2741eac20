import { canonicalJson } from '../core/canonical-json.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { fileKind, isText } from '../core/file-kind.ts';
import { sha256 } from '../core/hash.ts';
import { readWholeFile } from '../core/open-file.ts';
import { encodeSafetensors } from './safetensors.ts';
import {
  brokenSeal,
  openSealed,
  type SealedContent,
  type SealedFormat,
  type UnsealedContent,
  VERSION,
} from './sealed.ts';

/** Where the header of a `.safetensors` file begins, after its length as 64 bits. */
const JSON_START = 8;
const BRACE = 0x7b;
const MAX_FILE_BYTES = 2 ** 30;

/**
 * Writes a `.safetensors` file: format, version, the fields as JSON (undefined ones are left out), the arrays, and the
 * SHA-256 of all that. Equal contents give equal bytes.
 */
export function encodeSealed(format: SealedFormat, { fields, tensors }: SealedContent): Uint8Array {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const metadata = Object.fromEntries(given.map(([name, value]) => [name, canonicalJson(value)]));
  const described = { ...metadata, format, version: VERSION };
  const seal = sha256(encodeSafetensors({ metadata: described, tensors }));
  return encodeSafetensors({ metadata: { ...described, sha256: seal }, tensors });
}

/**
 * Decodes the bytes of `encodeSealed`.
 *
 * @throws EvopatchError `INVALID_MODEL` if they are damaged or of another format, without the name of the file.
 */
export function decodeSealed(bytes: Uint8Array): UnsealedContent {
  const { seal, sealed, content } = openSealed(bytes);
  if (seal !== sha256(sealed)) throw brokenSeal();
  return content();
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

function invalid(problem: string, data: ErrorData = {}): EvopatchError {
  return new EvopatchError('INVALID_MODEL', problem, data);
}
