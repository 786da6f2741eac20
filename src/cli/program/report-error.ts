import { EvopatchError } from '../../core/errors.ts';
import { escapeLines } from '../../core/escape-controls.ts';
import { asFileSystemError } from '../../core/file-system-error.ts';
import { asMemoryError } from '../../core/memory-error.ts';

/** Exit codes of the program. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** What the user sees of an error, and the exit code. */
export interface ErrorReport {
  readonly exitCode: number;
  /** One line for the problem, one for the hint. */
  readonly text: string;
  readonly json: unknown;
}

export function reportError(cause: unknown): ErrorReport {
  const error = cause instanceof EvopatchError ? cause : (asFileSystemError(cause) ?? asMemoryError(cause));
  if (error === undefined) return reportFault(cause);
  const { code, message, data } = error;
  const ending = data.hint === undefined ? '' : `. ${data.hint}`;
  const problem = ending !== '' && message.endsWith(ending) ? message.slice(0, -ending.length) : message;
  const hint = data.hint === undefined ? '' : `\n${data.hint}`;
  return {
    exitCode: exitCodeOf(code),
    text: escapeLines(`evopatch: ${withoutLineBreaks(problem)}${hint}${stackOf(error)}`),
    json: { error: { code, message, ...data } },
  };
}

function exitCodeOf(code: EvopatchError['code']): number {
  if (code === 'INVALID_OPTION') return EXIT.usage;
  return code === 'ABORTED' ? EXIT.interrupted : EXIT.failed;
}

/** Reports an error without a code, which is a fault of the program. */
function reportFault(cause: unknown): ErrorReport {
  const message = cause instanceof Error ? cause.message : String(cause);
  const hint = 'This is a bug in evopatch; EVOPATCH_DEBUG=1 shows where it occurred.';
  return {
    exitCode: EXIT.failed,
    text: escapeLines(`evopatch: ${withoutLineBreaks(message)}\n${hint}${stackOf(cause)}`),
    json: { error: { code: 'INTERNAL', message, hint } },
  };
}

function stackOf(cause: unknown): string {
  return process.env.EVOPATCH_DEBUG && cause instanceof Error ? `\n${cause.stack}` : '';
}

function withoutLineBreaks(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
