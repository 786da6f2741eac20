/** The data that the thread of a command starts with. */
export interface CommandSetup {
  /** The words after the program's name. */
  readonly args: readonly string[];
  /** Columns of the standard output; NaN where unknown. */
  readonly columns: number;
  /** Whether progress goes to a terminal. */
  readonly isTTY: boolean;
  /** The terminal's current columns and rows, 0 where unknown; in shared memory. */
  readonly terminalSize: Int32Array;
}

/** Messages from the thread of a command. */
export type CommandMessage =
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'progress'; readonly text: string }
  /** It has received the interruption, so it is not busy with one long computation. */
  | { readonly type: 'heard'; readonly savesWhenInterrupted: boolean }
  | { readonly type: 'done'; readonly exitCode: number };

/** The messages to the thread of a command: to stop, and that nobody reads its answer any more. */
export const INTERRUPT = 'interrupt';
export const UNREAD = 'unread';
