import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { asFileSystemError, fileSystemError } from '../../src/core/file-system-error.ts';

const failure = (code: string, errno: number) =>
  Object.assign(new Error(`${code}: raw, open '/a'`), { code, errno, syscall: 'open', path: '/a' });

test.runIf(process.platform === 'linux').each([
  ['ENOENT', -2, 'no such file or directory', 'Check the spelling'],
  ['EACCES', -13, 'permission denied', 'Ask for the permission'],
  ['EMFILE', -24, 'too many open files', 'ulimit -n'],
  ['ENOSPC', -28, 'no space left on device', 'Make room'],
  ['ESPIPE', -29, 'invalid seek', 'Write a pipe to a file'],
  ['EISDIR', -21, 'illegal operation on a directory', ''],
])('%s is told in words, with what to do', (code, errno, reason, hint) => {
  const { message, data } = fileSystemError('cannot read the file', '/a', failure(code, errno));
  expect(message).toContain(`/a: cannot read the file: ${reason}`);
  expect(message).not.toContain(code);
  expect(data.hint ?? '').toContain(hint);
});

test('a failed call that is not wrapped is recognised', async () => {
  const cause = await readFile('/no/such/file').catch((error) => error);
  expect(asFileSystemError(cause)).toMatchObject({
    code: 'FILE_SYSTEM',
    message:
      "/no/such/file: the system call 'open' failed: no such file or directory. Check the spelling; relative paths start from the current folder",
  });
  expect(asFileSystemError(new TypeError('x is not a function'))).toBeUndefined();
  expect(asFileSystemError('text')).toBeUndefined();
});

test('another cause keeps its own words', () =>
  expect(fileSystemError('cannot write', '/a', 'there is a file of this name').message).toBe(
    '/a: cannot write: there is a file of this name',
  ));
