import { expect, test } from 'vitest';
import { describeNetwork, macCount, parameterCount } from '../../src/network/describe.ts';
import { referenceNetwork } from '../../src/network/reference-network.ts';

test('has its documented parameters and multiply-accumulates', () => {
  const spec = referenceNetwork();
  expect(parameterCount(spec)).toBe(160_071);
  expect(macCount(spec)).toBe(3_817_920);
  const features = describeNetwork(spec).find(({ layer }) => layer.name === 'features');
  expect(features?.output).toEqual({ channels: 2048, height: 1, width: 1 });
});

test('its patches are symmetric about the nose', () => {
  const columns = referenceNetwork().layers.flatMap((layer) => (layer.kind === 'crop' ? [layer.x + 8] : []));
  expect(columns.map((x) => 64 - x).sort()).toEqual(columns.sort());
});
