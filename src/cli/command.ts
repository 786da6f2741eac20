import { BAD_IMAGE_POLICIES } from '../data/load-options.ts';
import { ALIGNMENTS } from '../landmarks/alignment.ts';
import { FACE_SEARCHES } from '../landmarks/face-search.ts';
import type { ProgressStream } from '../summary/live-lines.ts';
import type { Answers } from './answers.ts';
import { CACHE, type OutputSpec } from './outputs/output-forms.ts';

/** How a command reads a file or folder; for 'pictures' it reads all pictures of a folder, so that a further one would count. */
export type InputKind = 'file' | 'run' | 'pictures';

/** One option of a command, as its help shows it. */
export type OptionSpec = SwitchSpec | TextSpec | NumberSpec;

interface AnySpec {
  readonly description: string;
  /** The library's option that it sets, as in `bounds.maximumPatches`. */
  readonly optionPath?: string;
  /** Its names in earlier releases, without `no-`. */
  readonly formerly?: readonly string[];
}

/** An option without a value. */
export interface SwitchSpec extends AnySpec {
  readonly kind: 'flag';
}

interface Valued extends AnySpec {
  /** The name of the value in the help, as in `--out DIR`. */
  readonly placeholder: string;
  /** Describes the default. */
  readonly default?: string;
  readonly required?: boolean;
}

export interface TextSpec extends Valued {
  readonly kind: 'text';
  readonly choices?: readonly string[];
  /** Whether it may be given several times; its value is then a list. */
  readonly many?: true;
  /** How the command reads the path of this option. */
  readonly input?: InputKind;
  /** What the command writes to the path of this option. */
  readonly output?: OutputSpec;
  /** Refuses an impossible value before any work. @param value `undefined` where the option is left out */
  check?(value: string | undefined, engine: string | undefined): Promise<void>;
}

export interface NumberSpec extends Valued {
  readonly kind: 'integer' | 'number';
  /** The smallest value. */
  readonly minimum?: number;
  /** An exclusive lower bound, instead of `minimum`. */
  readonly above?: number;
  readonly maximum?: number;
  /** The value of the option without a number, where it may have none. */
  readonly bare?: number;
}

/** Options by their names without the dashes. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** The values of options: flags are false where not given, others undefined unless they are required. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends { kind: 'flag' }
    ? boolean
    : Table[Name] extends { required: true }
      ? ValueOf<Table[Name]>
      : ValueOf<Table[Name]> | undefined;
};
type ValueOf<Spec> = Spec extends { kind: 'text' }
  ? Spec extends { many: true }
    ? readonly string[]
    : string
  : number;

/** What follows the name of a command: one of several words, or, without choices, one or more words. */
export interface OperandSpec {
  readonly name: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** Without choices: whether there may be none. */
  readonly optional?: boolean;
  /** How the command reads each path. */
  readonly input?: InputKind;
}

/** The surroundings of a command. */
export interface CommandContext {
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
  /** Fires when nobody can read the answer any more, as after `| head`. */
  readonly unread?: AbortSignal;
  /** Width of the terminal that shows the answer, characters; `undefined` without a terminal. */
  readonly columns?: number;
  /** Whether the answer is JSON; then nothing else may be printed. */
  readonly json?: boolean;
  /** Writes a line of the answer. */
  print(text: string): void;
  /** Where progress goes. */
  readonly progress: ProgressStream;
}

/** The outcome of a command, as JSON and as text. */
export interface CommandResult<Answer = unknown> {
  readonly json: Answer;
  /** What the command has not printed yet; may be empty. */
  readonly text: string;
  /** Whether it ended early because the user interrupted. */
  readonly interrupted?: boolean;
  /** Whether a part of it failed, though not all. */
  readonly failed?: boolean;
}

/** Values of options that every command has. */
export type CommonValues = {
  /** Whether to replace files that the command did not write; false for a command without outputs. */
  readonly force: boolean;
};

export interface Command<
  Table extends OptionTable = OptionTable,
  Name extends keyof Answers = keyof Answers,
> {
  readonly name: Name;
  /** A short description for the list of commands. */
  readonly summary: string;
  /** The description in its own help. */
  readonly description: string;
  readonly operand?: OperandSpec;
  readonly options: Table;
  /** Options by their heading in the help; the others come first. */
  readonly headings?: Readonly<Record<string, readonly string[]>>;
  readonly examples: readonly string[];
  /** Whether it saves something when it is interrupted; others are ended at once. */
  readonly savesWhenInterrupted?: true;
  /** Whether it prints its answer bit by bit and leaves nothing else, so that it ends without a word once nobody reads on. */
  streams?(values: OptionValues<Table>): boolean;
  run(
    values: OptionValues<Table> & CommonValues,
    context: CommandContext,
    operands: readonly string[],
  ): Promise<CommandResult<Answers[Name]>>;
}

/** Gives `run` the types of its options and of its answer. */
export function defineCommand<const Table extends OptionTable, Name extends keyof Answers>(
  command: Command<Table, Name>,
): Command {
  return command as unknown as Command;
}

/** Options of the commands that load labelled faces. */
export const DATA_OPTIONS = {
  data: {
    kind: 'text',
    placeholder: 'PATH',
    input: 'pictures',
    description:
      "Labelled faces: a csv of pixels such as FER2013's (plain or gzipped; '-' is standard input), a folder with a sub-folder for each class, " +
      'also below folders named train, validation and test, a manifest csv ' +
      "(path,label[,subject][,split][,GROUP…]), or 'synthetic' or 'synthetic:COUNT' for drawn faces.",
  },
  points: {
    kind: 'text',
    placeholder: 'CSV',
    input: 'file',
    description:
      "Landmarks (68 points per face) by which the faces are aligned, as 'evopatch landmarks' writes them.",
    default: 'found by --faces',
  },
  align: {
    kind: 'text',
    placeholder: 'METHOD',
    choices: ALIGNMENTS,
    description:
      "How faces are aligned: 'none' keeps them as they are, 'nose' moves the tip of the nose to its fixed position, " +
      "'similarity' also rotates and scales them, by all inner landmarks.",
    default: 'similarity',
  },
  faces: {
    kind: 'text',
    placeholder: 'SEARCH',
    choices: FACE_SEARCHES,
    description:
      "How landmarks are found: 'crop' treats a picture as one face; 'tiny' and 'ssd' (slower, finds more) look " +
      "for faces in photos; 'all' looks for small faces too (some seconds per photo); 'auto' is 'crop' up to 128 pixels and " +
      "'tiny' beyond.",
    default: 'auto',
  },
  cache: {
    kind: 'text',
    placeholder: 'DIR',
    output: CACHE,
    description: "The folder that caches prepared faces and landmarks; 'none' for no cache.",
    default: 'EVOPATCH_CACHE, else ~/.cache/evopatch',
  },
  classes: {
    kind: 'text',
    placeholder: 'LIST',
    description:
      "Comma-separated classes to keep, in this order. 'NAME=NEW_NAME' renames a class; classes with the same new name are " +
      "merged, as in 'happy=positive,sad=negative,angry=negative'. A '\\' makes the comma or '=' after it part of a name.",
    default: 'all classes that have faces',
  },
  votes: {
    kind: 'text',
    placeholder: 'CSV',
    input: 'file',
    description:
      "The votes of FER+ (fer2013new.csv) for FER2013's csv: the majority gives the label, and rows without a majority are " +
      'left out.',
  },
  encoding: {
    kind: 'text',
    placeholder: 'NAME',
    description:
      "The encoding of the csv of --data if it has no byte order mark, as 'windows-1251', 'latin1' or 'utf-16le'.",
    default: 'utf-8',
  },
  'on-bad-image': {
    kind: 'text',
    placeholder: 'ACTION',
    choices: BAD_IMAGE_POLICIES,
    description:
      "What to do with an image that cannot be read: 'stop' or 'skip' it; over a tenth of bad images stops in any case.",
    default: 'stop',
  },
} as const satisfies OptionTable;
