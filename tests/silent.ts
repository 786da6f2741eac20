import { afterAll, expect } from 'vitest';

// Tests print nothing: what code writes belongs in an assertion. The console writes to these streams as well, and so does
// whatever a thread or a synchronous child process prints.
const printed: string[] = [];
for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream);
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    printed.push(chunk.toString());
    return write(chunk, ...rest);
  }) as typeof write;
}

afterAll(() => {
  expect(printed.join(''), 'the tests of this file print').toBe('');
});
