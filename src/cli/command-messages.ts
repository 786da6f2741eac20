/** What the thread of a command is born with. */
export interface CommandSetup {
  /** The words behind the program's name. */
  readonly args: readonly string[];
  /** Columns of the standard output; NaN where unknown. */
  readonly columns: number;
  /** Whether progress goes to a terminal. */
  readonly isTTY: boolean;
  /** The terminal's columns and rows as they are at the moment, 0 where unknown; in shared memory. */
  readonly terminalSize: Int32Array;
}

/** What the thread of a command says. */
export type CommandMessage =
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'progress'; readonly text: string }
  /** It has heard of the interruption, so it is not busy with one long computation. */
  | { readonly type: 'heard'; readonly savesWhenInterrupted: boolean }
  | { readonly type: 'done'; readonly exitCode: number };

/** What the thread of a command is told. */
export const INTERRUPT = 'interrupt';
