import type { Stats } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, extname, join, sep } from 'node:path';
import { type ErrorData, EvopatchError } from '../../core/errors.ts';
import { realPath } from '../../core/real-path.ts';
import { isTemporaryName, sweepBeside, sweepInside, temporaryName } from '../../core/temporary-file.ts';
import { PICTURE_NAME } from '../../images/picture-formats.ts';
import type { Command, InputKind } from '../command.ts';
import type { CommandLine } from '../program/parse-options.ts';
import type { FileForm, OutputSpec } from './output-forms.ts';

/** A file or folder that a command reads. */
interface Input {
  readonly kind: InputKind;
  readonly path: string;
  readonly found: Stats | undefined;
}

/** A path that a command is to write to, as given and with links resolved. */
interface Target {
  readonly option: string;
  readonly given: string;
  readonly path: string;
  readonly found: Stats | undefined;
}

/** Discards what is written to it. */
const NOWHERE = '/dev/null';

/**
 * Checks every file and folder that a command is to write, before it does any work: that it can be written, that it replaces
 * no input, and that it replaces only files that the command itself wrote.
 *
 * @throws EvopatchError `INVALID_OPTION` for a path that is never possible; `FILE_SYSTEM` where something is in the way or
 * nothing can be written.
 */
export async function checkOutputs(
  { options, operand }: Command,
  values: CommandLine['values'],
  operands: readonly string[],
): Promise<void> {
  const specs = Object.entries(options).flatMap(([name, spec]) => {
    const paths = [values[name] ?? []].flat() as string[];
    return spec.kind === 'text' ? paths.map((path) => ({ option: `--${name}`, path, spec })) : [];
  });
  const inputs = await Promise.all([
    ...specs.flatMap(({ path, spec }) => (spec.input === undefined ? [] : [openInput(path, spec.input)])),
    ...operands.flatMap((path) => (operand?.input === undefined ? [] : [openInput(path, operand.input)])),
  ]);
  const force = values.force === true;
  for (const { option, path: given, spec } of specs) {
    const { output } = spec;
    if (output?.kind === 'file' && output.toStandardOutput && given === '-') continue;
    if (output === undefined || (output.kind === 'shared folder' && given === 'none')) continue;
    const path = await realPath(given);
    const target: Target = { option, given, path, found: await statOf(path, { option, file: given }) };
    const photos = operand?.input === 'pictures' ? inputs.slice(inputs.length - operands.length) : [];
    const several = photos.length > 1 || photos[0]?.found?.isDirectory() === true;
    const isFolder = output.kind !== 'file' && (output.kind !== 'pictures' || several);
    for (const input of inputs) refuseInput(target, input, output, isFolder);
    const mayReplace = force && !inputs.some((input) => isInside(target.path, input.path));
    if (isFolder) await checkFolder(target, output, mayReplace);
    else await checkFile(target, output.forms, mayReplace);
    await checkWritable(target);
  }
}

async function checkFile(target: Target, forms: readonly FileForm[], force: boolean): Promise<void> {
  const { path, found, given } = target;
  if (path === NOWHERE && forms.length === 1) return;
  const endings = forms.flatMap((form) => form.endings);
  const ending = extname(given).slice(1).toLowerCase();
  if (found?.isDirectory() || /[/\\]$/.test(given)) {
    throw refuse(target, 'this must be a file, not a folder', `Give the name of a file: ${list(endings)}`);
  }
  if (found !== undefined && !found.isFile()) {
    const hint = 'Give the name of a file; the answer goes to standard output in any case';
    throw refuse(target, 'this is a device or a pipe, not a file', hint);
  }
  if (!endings.includes(ending)) {
    const hint = `Give a name that ends in ${list(endings)}`;
    throw invalid(target, 'the ending of the name is not that of a format that can be written', hint);
  }
  if (found === undefined || found.size === 0 || force) return;
  const possible = forms.filter((form) => form.endings.includes(ending));
  if (await isOwn(path, possible)) return;
  const hint = 'Give another name; --force replaces it';
  throw refuse(target, 'this file exists, and this command did not write it', hint);
}

async function checkFolder(target: Target, output: OutputSpec, force: boolean): Promise<void> {
  if (target.found !== undefined && !target.found.isDirectory()) {
    throw refuse(target, 'this must be a folder, not a file', 'Give the name of a folder');
  }
  if (output.kind === 'folder') await output.check(target.path, force);
  if (output.kind === 'pictures' && !force) await checkDrawings(target, output.forms);
}

/** Refuses a folder that holds anything but drawings. */
async function checkDrawings(target: Target, forms: readonly FileForm[]): Promise<void> {
  if (target.found === undefined) return;
  for (const entry of await readdir(target.path, { recursive: true, withFileTypes: true })) {
    const { name } = entry;
    if (entry.isDirectory() || isTemporaryName(name)) continue;
    if (await isOwn(join(entry.parentPath, name), forms)) continue;
    const hint = 'Give a new folder; --force draws into this one';
    throw refuse(target, `the folder holds '${name}', which this command did not write`, hint);
  }
}

/** Tells whether a command that writes these forms wrote a file. */
export async function isOwn(file: string, forms: readonly FileForm[]): Promise<boolean> {
  for (const form of forms) if (await form.isOwn(file)) return true;
  return false;
}

/**
 * Refuses a target that is an input under any name, one that would add to the pictures of an input folder, and a folder of
 * the command that contains an input.
 */
function refuseInput(target: Target, input: Input, output: OutputSpec, isFolder: boolean): void {
  const { kind, path, found } = input;
  if (found === undefined) return;
  if (path === target.path || isSame(found, target.found)) {
    throw invalid(target, 'this would replace an input', 'Give another name');
  }
  const adds = kind === 'pictures' && (isFolder || PICTURE_NAME.test(target.path));
  if (adds && isInside(target.path, path)) {
    const problem = `this would add to the pictures that are read from ${path}`;
    throw invalid(target, problem, 'Give a path outside of it');
  }
  if (kind === 'file' && output.kind === 'folder' && isInside(path, target.path)) {
    throw invalid(target, `this folder contains an input: ${path}`, 'Give another folder');
  }
}

function isSame(one: Stats, other: Stats | undefined): boolean {
  return other !== undefined && one.ino !== 0 && one.ino === other.ino && one.dev === other.dev;
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Creates and removes a file in the target's folder, or in the nearest one above that exists. */
async function checkWritable(target: Target): Promise<void> {
  const { path, found, option, given } = target;
  if (found !== undefined && !found.isFile() && !found.isDirectory()) return;
  let folder = found?.isDirectory() ? path : dirname(path);
  for (;;) {
    const above = await statOf(folder, { option, file: given });
    if (above?.isDirectory()) break;
    if (above !== undefined) throw refuse(target, `${folder} is a file, not a folder`, 'Give another path');
    folder = dirname(folder);
  }
  const probe = temporaryName(join(folder, 'probe'));
  try {
    await (await open(probe, 'wx')).close();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = REASONS[code ?? ''] ?? (cause as Error).message;
    throw refuse(
      target,
      `nothing can be written to the folder ${folder}: ${reason}`,
      'Give another path',
      cause,
    );
  } finally {
    await rm(probe, { force: true });
  }
  await (found?.isDirectory() ? sweepInside(path) : sweepBeside(path));
}

/** Why the system refuses to write. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOENT: 'no files can be created there',
};

async function openInput(given: string, kind: InputKind): Promise<Input> {
  const path = await realPath(given);
  return { kind, path, found: await stat(path).catch(() => undefined) };
}

/** @throws EvopatchError `FILE_SYSTEM` where a part of the path is a file or may not be read */
async function statOf(path: string, where: ErrorData): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const problem = code === 'ENOTDIR' ? `${dirname(path)} is a file, not a folder` : message;
    throw new EvopatchError('FILE_SYSTEM', problem, { ...where, hint: 'Give another path' }, cause);
  }
}

function list(endings: readonly string[]): string {
  return endings.map((ending) => `.${ending}`).join(', ');
}

function refuse(
  { option, given: file }: Target,
  problem: string,
  hint: string,
  cause?: unknown,
): EvopatchError {
  return new EvopatchError('FILE_SYSTEM', problem, { file, option, hint }, cause);
}

function invalid({ option, given }: Target, problem: string, hint: string): EvopatchError {
  return new EvopatchError('INVALID_OPTION', problem, { option, given, hint });
}
