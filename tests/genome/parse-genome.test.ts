import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvopatchError } from '../../src/core/errors.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { parseGenome } from '../../src/genome/parse-genome.ts';
import { DEFAULT_BOUNDS, NETWORK, randomGenomes } from './arbitraries.ts';

const PATCH: PatchGene = { dx: -14, dy: -17, width: 20, height: 16, mirrored: true, scale: 1 };
/** The error that a value gives, which must be of ours. */
function errorOf(run: () => unknown): EvopatchError {
  try {
    run();
  } catch (error) {
    if (error instanceof EvopatchError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseGenome', () => {
  it('reads what was written, in canonical form', () => {
    fc.assert(
      fc.property(randomGenomes, (genome) => {
        expect(parseGenome(JSON.parse(JSON.stringify(genome)), DEFAULT_BOUNDS)).toEqual(genome);
      }),
    );
    const right = { ...PATCH, dx: 14 };
    expect(parseGenome({ patches: [right], network: NETWORK }).patches).toEqual([PATCH]);
  });

  it('fills in genes that were added later', () => {
    const { scale: _scale, ...patch } = PATCH;
    const {
      branches: _branches,
      convolutions: _convolutions,
      convolution: _convolution,
      ...network
    } = NETWORK;
    const given = { patches: [patch, { ...patch, dy: 9 }], network };
    expect(parseGenome(given)).toEqual({
      patches: [PATCH, { ...PATCH, dy: 9 }],
      network: { ...network, branches: 'separate', convolutions: 1, convolution: 'full' },
    });
  });

  it.each<[string, unknown, string | undefined]>([
    ['no object', 'patch', undefined],
    ['null', null, undefined],
    ['no patches', { network: NETWORK }, 'patches'],
    ['an empty list', { patches: [], network: NETWORK }, 'patches'],
    [
      'text for a number',
      { patches: [PATCH, { ...PATCH, width: '8' }], network: NETWORK },
      'patches[1].width',
    ],
    ['half a pixel', { patches: [{ ...PATCH, dx: 0.5 }], network: NETWORK }, 'patches[0].dx'],
    ['NaN', { patches: [{ ...PATCH, dy: Number.NaN }], network: NETWORK }, 'patches[0].dy'],
    ['no height', { patches: [{ ...PATCH, height: 0 }], network: NETWORK }, 'patches[0].height'],
    ['an unknown field', { patches: [{ ...PATCH, angle: 3 }], network: NETWORK }, 'patches[0].angle'],
    [
      'a missing flag',
      { patches: [{ ...PATCH, mirrored: undefined }], network: NETWORK },
      'patches[0].mirrored',
    ],
    ['a third scale', { patches: [{ ...PATCH, scale: 3 }], network: NETWORK }, 'patches[0].scale'],
    [
      'half of a single pixel',
      { patches: [{ ...PATCH, height: 1, scale: 2 }], network: NETWORK },
      'patches[0].scale',
    ],
    [
      'an unknown convolution',
      { patches: [PATCH], network: { ...NETWORK, convolution: 'deep' } },
      'network.convolution',
    ],
    ['one block', { patches: [PATCH], network: { ...NETWORK, filters: [16] } }, 'network.filters'],
    ['odd filters', { patches: [PATCH], network: { ...NETWORK, filters: [16, 18] } }, 'network.filters[1]'],
    ['an even kernel', { patches: [PATCH], network: { ...NETWORK, kernel: 4 } }, 'network.kernel'],
    ['an unknown head', { patches: [PATCH], network: { ...NETWORK, head: 'mean' } }, 'network.head'],
    ['too many units', { patches: [PATCH], network: { ...NETWORK, denseUnits: 104 } }, 'network.denseUnits'],
    ['another dropout', { patches: [PATCH], network: { ...NETWORK, dropout: 0.15 } }, 'network.dropout'],
  ])('names the field of %s', (_, value, option) => {
    const error = errorOf(() => parseGenome(value));
    expect(error.code).toBe('INVALID_GENOME');
    expect(error.data.option).toBe(option);
  });

  it.each<[string, Genome['patches'], Partial<Genome['network']>, string]>([
    ['a patch that is too small', [{ ...PATCH, width: 7 }], {}, 'patches[0].width'],
    ['a patch that is too large', [{ ...PATCH, height: 33 }], {}, 'patches[0].height'],
    ['half of a patch that is too small', [{ ...PATCH, height: 15, scale: 2 }], {}, 'patches[0].height'],
    ['a patch beyond the face', [{ ...PATCH, dx: -15 }], {}, 'patches[0]'],
    ['too many patches', Array.from({ length: 7 }, (_, dy) => ({ ...PATCH, dy })), {}, 'patches'],
    ['few filters', [PATCH], { filters: [4, 8] }, 'network.filters'],
    ['many units', [PATCH], { denseUnits: 72 }, 'network.denseUnits'],
    ['too many parameters', [PATCH], { filters: [48, 48], denseUnits: 64 }, 'network'],
  ])('refuses %s where there are bounds', (_, patches, network, option) => {
    const bounds = parseGenomeBounds({ classes: 7, minimumFilters: 8, maximumDenseUnits: 64 });
    const genome = { patches, network: { ...NETWORK, ...network } };
    const error = errorOf(() => parseGenome(genome, bounds));
    expect(error.code).toBe('INVALID_GENOME');
    expect(error.data.option).toBe(option);
    expect(parseGenome(genome).patches).toHaveLength(patches.length); // well-formed all the same
  });

  it('gives a typed error or a canonical genome for any value', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (patches, network) => {
        for (const value of [patches, { patches, network }, { patches: [patches], network: NETWORK }]) {
          expect(errorOf(() => parseGenome(value)).code).toBe('INVALID_GENOME');
        }
      }),
      { numRuns: 500 },
    );
  });
});
