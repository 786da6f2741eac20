/** The kinds of errors; stable, for programs to switch on. */
export type ErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_DATA'
  | 'INVALID_IMAGE'
  | 'INVALID_GENOME'
  | 'INVALID_NETWORK'
  | 'INVALID_MODEL'
  | 'INVALID_RUN'
  | 'RUN_LOCKED'
  | 'ENGINE_UNAVAILABLE'
  | 'MISSING_PACKAGE'
  | 'EVALUATION_FAILED'
  | 'QUEUE_UNAVAILABLE'
  | 'OUT_OF_MEMORY'
  | 'FILE_SYSTEM'
  | 'ABORTED';

/** Where an error occurred and how to fix it. Every field is plain data. */
export interface ErrorData {
  /** The file at fault. */
  readonly file?: string;
  /** One-based line or row in `file`. */
  readonly row?: number;
  /** Zero-based index of the sample at fault, for samples in memory. */
  readonly sample?: number;
  /** The option, field or column at fault, as the user wrote it. */
  readonly option?: string;
  /** The layer of a network spec at fault. */
  readonly layer?: string;
  /** The missing package. */
  readonly package?: string;
  /** The given value, shortened if it is long. */
  readonly given?: unknown;
  /** What to do about it, as a sentence. */
  readonly hint?: string;
}

/** The only error class of evopatch. `message` explains what was wrong and where; `code` and `data` give the same to programs. */
export class EvopatchError extends Error {
  override readonly name = 'EvopatchError';
  readonly code: ErrorCode;
  /** What was wrong, without where. */
  readonly problem: string;
  readonly data: ErrorData;

  constructor(code: ErrorCode, problem: string, data: ErrorData = {}, cause?: unknown) {
    super(describe(problem, data), cause === undefined ? undefined : { cause });
    this.code = code;
    this.problem = problem;
    this.data = data;
  }
}

function describe(problem: string, data: ErrorData): string {
  const where = [
    data.file,
    data.row === undefined ? undefined : `row ${data.row}`,
    data.sample === undefined ? undefined : `sample ${data.sample}`,
    data.option === undefined ? undefined : `'${data.option}'`,
    data.layer === undefined ? undefined : `layer '${data.layer}'`,
  ].filter((part) => part !== undefined);
  const position = where.length > 0 ? `${where.join(', ')}: ` : '';
  const given = data.given === undefined ? '' : ` (given: ${shorten(data.given)})`;
  const hint = data.hint === undefined ? '' : `. ${data.hint}`;
  return `${position}${problem}${given}${hint}`;
}

function shorten(given: unknown): string {
  const text = typeof given === 'string' ? given : (JSON.stringify(given) ?? String(given));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
