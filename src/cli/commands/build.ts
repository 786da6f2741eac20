import { buildNative } from '../../nn/build-native.ts';
import { defineCommand } from '../command.ts';

export const buildCommand = defineCommand({
  name: 'build',
  summary: 'Compile the native kernels for this system',
  description:
    "Compiles the kernels of training and prediction with this system's C compiler, into the installed package. The results stay " +
    'the same, to the bit, on processors with fused multiply-add; training is two to three times faster than on WebAssembly. Run it once ' +
    'after each installation, on the system that runs evopatch.',
  options: {},
  examples: ['evopatch build'],
  run: async () => {
    const json = await buildNative();
    const { compiler, variants, file } = json;
    return { json, text: `native kernels (${variants.join(', ')}) compiled by ${compiler}: ${file}` };
  },
});
