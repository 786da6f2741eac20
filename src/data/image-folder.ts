import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { throwIfAborted } from '../core/byte-stream.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { PICTURE_FORMAT_NAMES } from '../images/picture-formats.ts';
import { type Dataset, SPLITS, type Split } from './dataset.ts';
import type { FaceSource } from './face-source.ts';
import { imageSource, type ListedImage } from './image-source.ts';
import { count, describeCounts, type FolderContent, listFolder } from './list-folder.ts';
import { type LoadOptions, parseLoadOptions } from './load-options.ts';
import { loadSource } from './load-source.ts';
import { SPLIT_NAMES_HINT, splitOfName } from './split-names.ts';

const LAYOUT =
  `The folder holds a folder of pictures (${PICTURE_FORMAT_NAMES}) for each class, or such folders below ` +
  `${SPLIT_NAMES_HINT}.`;
/** Folders around the classes or splits, as in an unpacked archive. */
const MAX_WRAPPERS = 2;
const SHOWN_FOLDERS = 5;

/**
 * Loads a folder of images: a folder of pictures for each class, or such folders below folders named train, validation and test,
 * or another name that `splitOfName` knows. Up to two folders may be wrapped around that. Classes and files are sorted by code
 * unit. Files that operating systems add are ignored; `onWarning` reports how many other files, and folders within classes, were
 * passed over. Links may not lead out of the folder.
 *
 * @throws EvopatchError `INVALID_DATA` for an empty class or another layout; `INVALID_IMAGE`; `INVALID_OPTION`; `FILE_SYSTEM`;
 * `ABORTED`.
 */
export async function loadImageFolder(folder: string, options: LoadOptions = {}): Promise<Dataset> {
  const settings = parseLoadOptions(options);
  return await loadSource(await imageFolderSource(folder, settings), settings);
}

/** Opens the images of a folder. @throws EvopatchError `INVALID_DATA`, `FILE_SYSTEM`, `ABORTED`. */
export async function imageFolderSource(
  folder: string,
  { signal, onProgress }: Pick<LoadOptions, 'signal' | 'onProgress'> = {},
): Promise<FaceSource> {
  const root = await realpath(folder).catch((cause) => {
    throw fileSystemError('cannot read the folder', folder, cause);
  });
  const images: ListedImage[] = [];
  const passedOver = new Map<string, number>();
  const passOver = ({ pictures, others }: Pick<FolderContent, 'pictures' | 'others'>) => {
    for (const [kind, number] of others) count(passedOver, kind, number);
    if (pictures.length > 0) count(passedOver, 'beside the class folders', pictures.length);
  };
  const listClasses = async (prefix: string, folders: readonly string[], split: Split) => {
    checkNames(join(root, prefix), folders);
    for (const name of folders) {
      throwIfAborted(signal);
      const found = await listFolder(root, `${prefix}${name}/`);
      if (found.pictures.length === 0) throw emptyClass(join(root, prefix, name), found);
      passOver({ pictures: [], others: found.others });
      if (found.folders.length > 0) count(passedOver, 'folders within classes', found.folders.length);
      const label = name.normalize();
      for (const { name: picture, path } of found.pictures) {
        images.push({ path, file: `${prefix}${name}/${picture}`, label, split });
      }
      onProgress?.({ samples: 0, unaligned: 0, listed: images.length });
    }
  };

  const { prefix, top } = await unwrap(root);
  const base = resolve(root, prefix);
  passOver(top);
  const splits = splitFolders(base, top.folders);
  for (const split of SPLITS) {
    const name = splits.get(split);
    if (name === undefined) continue;
    const within = await listFolder(root, `${prefix}${name}/`);
    passOver(within);
    if (within.folders.length === 0) throw noClasses(join(base, name), within);
    await listClasses(`${prefix}${name}/`, within.folders, split);
  }
  if (splits.size === 0) await listClasses(prefix, top.folders, 'train');

  const notes = [
    ...(prefix === '' ? [] : [`the classes are in '${join(folder, prefix.slice(0, -1))}'`]),
    ...(passedOver.size === 0 ? [] : [`passed over: ${describeCounts(passedOver)}`]),
  ];
  return { ...imageSource(folder, root, images), notes };
}

/** Descends while a folder contains nothing except one folder that itself contains folders. */
async function unwrap(root: string): Promise<{ prefix: string; top: FolderContent }> {
  let prefix = '';
  let top = await listFolder(root, prefix);
  for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
    const [only] = top.folders;
    if (top.folders.length !== 1 || top.pictures.length > 0 || splitOfName(only) !== undefined) break;
    const within = await listFolder(root, `${prefix}${only}/`);
    if (within.folders.length === 0) break;
    prefix += `${only}/`;
    top = within;
  }
  if (top.folders.length === 0) throw noClasses(resolve(root, prefix), top);
  return { prefix, top };
}

/** Maps each split to its folder; empty if the folders are classes. */
function splitFolders(base: string, folders: readonly string[]): ReadonlyMap<Split, string> {
  const splits = new Map<Split, string>();
  for (const name of folders) {
    const split = splitOfName(name);
    if (split === undefined) continue;
    const other = splits.get(split);
    if (other !== undefined) {
      const hint = 'Merge them into one, or move one elsewhere.';
      const data = { file: base, given: `${other}, ${name}`, hint };
      throw new EvopatchError('INVALID_DATA', `two folders of the ${split} split`, data);
    }
    splits.set(split, name);
  }
  const stranger = folders.find((name) => splitOfName(name) === undefined);
  if (splits.size === 0 || stranger === undefined) return splits;
  const hint = `Folders of splits are ${SPLIT_NAMES_HINT}. Move others elsewhere, or rename them.`;
  const problem = `the folder is not a split, unlike its neighbour '${[...splits.values()][0]}'`;
  throw new EvopatchError('INVALID_DATA', problem, { file: join(base, stranger), hint });
}

/** Refuses two folders whose names differ only in Unicode form: they are one class, copied by mistake. */
function checkNames(base: string, folders: readonly string[]): void {
  const spellings = new Map<string, string>();
  for (const name of folders) {
    const known = spellings.get(name.normalize());
    if (known !== undefined) {
      const hint =
        'They look the same, but are spelled with other Unicode characters. Move the files into one of them.';
      throw new EvopatchError('INVALID_DATA', 'two folders of one class', { file: join(base, name), hint });
    }
    spellings.set(name.normalize(), name);
  }
}

function noClasses(file: string, content: FolderContent): EvopatchError {
  const data = { file, given: describe(content), hint: LAYOUT };
  return new EvopatchError('INVALID_DATA', 'no class folders', data);
}

function emptyClass(file: string, content: FolderContent): EvopatchError {
  const [inner] = content.folders;
  const deeper = inner === undefined ? '' : ' Pictures lie in the folder of their class itself.';
  const hint = `A class folder holds pictures: ${PICTURE_FORMAT_NAMES}.${deeper}`;
  const data = { file, given: describe(content), hint };
  return new EvopatchError('INVALID_DATA', 'the class has no pictures', data);
}

/** Describes the content of a folder in words. */
function describe({ folders, pictures, others }: FolderContent): string {
  const shown = folders.slice(0, SHOWN_FOLDERS).join(', ');
  const more = folders.length > SHOWN_FOLDERS ? ', …' : '';
  const parts = [
    ...(folders.length > 0 ? [`${folders.length} folders (${shown}${more})`] : []),
    ...(pictures.length > 0 ? [`${pictures.length} pictures`] : []),
    ...(others.size > 0 ? [describeCounts(others)] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : 'nothing';
}
