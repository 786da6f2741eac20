import { BAD_IMAGE_POLICIES } from '../data/load-options.ts';
import { ALIGNMENTS } from '../landmarks/alignment.ts';
import { FACE_SEARCHES } from '../landmarks/face-search.ts';
import type { ProgressStream } from '../summary/live-lines.ts';
import type { Answers } from './answers.ts';
import { CACHE, type OutputSpec } from './output-forms.ts';

/**
 * How a command uses a file or folder that it reads: 'pictures' are all pictures of the folder, so that one more of them
 * would change what is read.
 */
export type InputKind = 'file' | 'run' | 'pictures';

/** One option of a command, as its help shows it. */
export type OptionSpec = SwitchSpec | TextSpec | NumberSpec;

interface AnySpec {
  readonly description: string;
  /** The library's option that it gives, as in `bounds.maximumPatches`. */
  readonly optionPath?: string;
  /** Its name in earlier releases. */
  readonly formerly?: string;
}

/** An option without a value. */
export interface SwitchSpec extends AnySpec {
  readonly kind: 'flag';
}

interface Valued extends AnySpec {
  /** What stands for the value in the help, as in `--out DIR`. */
  readonly placeholder: string;
  /** What happens without the option, in words. */
  readonly default?: string;
  readonly required?: boolean;
}

export interface TextSpec extends Valued {
  readonly kind: 'text';
  readonly choices?: readonly string[];
  /** Whether it may be given several times; its value is then a list. */
  readonly many?: true;
  /** What the path of this option is read as. */
  readonly input?: InputKind;
  /** What the command writes to the path of this option. */
  readonly output?: OutputSpec;
  /** Refuses what cannot be, before any work; `undefined` where the option is left out. */
  check?(value: string | undefined, engine: string | undefined): Promise<void>;
}

export interface NumberSpec extends Valued {
  readonly kind: 'integer' | 'number';
  /** The smallest value, or the one that every value is above. */
  readonly minimum?: number;
  readonly above?: number;
  readonly maximum?: number;
  /** What the option stands for without a number behind it, where it may do without. */
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

/** What follows the name of a command: one word of several, or, without choices, one or more of any kind. */
export interface OperandSpec {
  readonly name: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** Without choices: whether there may be none. */
  readonly optional?: boolean;
  /** What the path of each of them is read as. */
  readonly input?: InputKind;
}

/** What a command may use of the world. */
export interface CommandContext {
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
  /** Width of the terminal that shows the answer, characters; `undefined` where it is none. */
  readonly columns?: number;
  /** Whether the answer is asked for as JSON: then nothing else may be printed. */
  readonly json?: boolean;
  /** Writes a line of the answer. */
  print(text: string): void;
  /** Where progress goes. */
  readonly progress: ProgressStream;
}

/** How a command ended, and what it found: as text, or as JSON where that is asked for. */
export interface CommandResult<Answer = unknown> {
  readonly json: Answer;
  /** What was not printed before; may be empty. */
  readonly text: string;
  /** Whether it ended early because the user interrupted. */
  readonly interrupted?: boolean;
  /** Whether a part of it failed, though not all. */
  readonly failed?: boolean;
}

/** The values of options that a command has without naming them. */
export type CommonValues = {
  /** Whether to replace files that the command did not write; false for a command without outputs. */
  readonly force: boolean;
};

export interface Command<
  Table extends OptionTable = OptionTable,
  Name extends keyof Answers = keyof Answers,
> {
  readonly name: Name;
  /** In a few words, for the list of commands. */
  readonly summary: string;
  /** What it does, for its own help. */
  readonly description: string;
  readonly operand?: OperandSpec;
  readonly options: Table;
  /** Headings of the help for some of the options, by their names; the others come first. */
  readonly headings?: Readonly<Record<string, readonly string[]>>;
  readonly examples: readonly string[];
  /** Whether it still has something to write when it is interrupted; others are ended. */
  readonly savesWhenInterrupted?: true;
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

/** Options that several commands have. */
export const DATA_OPTIONS = {
  data: {
    kind: 'text',
    placeholder: 'PATH',
    input: 'pictures',
    description:
      "Labelled faces: a csv of pixels such as FER2013's (plain or gzipped; '-' is standard input), a folder with a folder for each class, " +
      'also below folders named train, validation and test, a manifest csv ' +
      "(path,label[,subject][,split][,GROUP…]), or 'synthetic' or 'synthetic:COUNT' for drawn faces.",
  },
  points: {
    kind: 'text',
    placeholder: 'CSV',
    input: 'file',
    description:
      "Landmarks (68 points a face) by which the faces are aligned, as 'evopatch landmarks' writes them.",
    default: 'they are searched for',
  },
  align: {
    kind: 'text',
    placeholder: 'METHOD',
    choices: ALIGNMENTS,
    description:
      "How faces are brought into their frames: 'none' takes them as they are, 'nose' moves the tip of the nose to " +
      "its place, 'similarity' also turns and scales, by all inner landmarks.",
    default: 'similarity',
  },
  faces: {
    kind: 'text',
    placeholder: 'SEARCH',
    choices: FACE_SEARCHES,
    description:
      "How landmarks are searched for: 'crop' takes a picture for one face; 'tiny' and 'ssd' (slower, finds more) look " +
      "for faces in photos; 'all' looks for small faces too (some seconds a photo); 'auto' is 'crop' up to 128 pixels and " +
      "'tiny' beyond.",
    default: 'auto',
  },
  cache: {
    kind: 'text',
    placeholder: 'DIR',
    output: CACHE,
    description: "Where prepared faces and landmarks are kept for the next time; 'none' keeps nothing.",
    default: 'EVOPATCH_CACHE, else ~/.cache/evopatch',
  },
  classes: {
    kind: 'text',
    placeholder: 'LIST',
    description:
      "Classes to keep, in this order, with commas between. 'NAME=NEW_NAME' renames one, and classes of the same new " +
      "name become one, as in 'happy=positive,sad=negative,angry=negative'. A '\\' makes the comma or '=' after it " +
      'part of a name.',
    default: 'every class that a face belongs to',
  },
  votes: {
    kind: 'text',
    placeholder: 'CSV',
    description:
      "The votes of FER+ (fer2013new.csv) about FER2013's csv: its labels are those of the majority then, and rows without " +
      'one are left out.',
  },
  encoding: {
    kind: 'text',
    placeholder: 'NAME',
    description:
      "What the csv of --data is written in where no byte order mark says so, as 'windows-1251', 'latin1' or 'utf-16le'.",
    default: 'utf-8',
  },
  'on-bad-image': {
    kind: 'text',
    placeholder: 'ACT',
    choices: BAD_IMAGE_POLICIES,
    description:
      "What an image that cannot be read does: 'stop', or 'skip' it; more than a tenth of them stop in any case.",
    default: 'stop',
  },
} as const satisfies OptionTable;
