import type { LayerSpec, NetworkSpec } from './spec.ts';

const PATCH_SIDE = 16;
/** Left columns and top rows: both eyes, both halves of the mouth. */
const PLACES = [
  [12, 18],
  [36, 18],
  [16, 40],
  [32, 40],
] as const;

/**
 * The network of every speed figure: four patches of 16×16 pixels, each read by convolutions of 16, 16 and 32 filters
 * with two max-pools, then 64 dense units and 7 logits. 160,071 parameters, 3,817,920 multiply-accumulates.
 */
export function referenceNetwork(): NetworkSpec {
  const layers: LayerSpec[] = PLACES.flatMap(([x, y], index) => branch(`patch${index + 1}`, x, y));
  layers.push(
    {
      kind: 'concatenate',
      name: 'features',
      inputs: PLACES.map((_, index) => `patch${index + 1}.flatten`),
    },
    { kind: 'dense', name: 'dense', input: 'features', units: 64, bias: true },
    { kind: 'relu', name: 'dense.relu', input: 'dense' },
    { kind: 'dense', name: 'logits', input: 'dense.relu', units: 7, bias: true },
  );
  return { name: 'reference', frameSize: 64, classes: 7, layers };
}

function branch(name: string, x: number, y: number): LayerSpec[] {
  const layers: LayerSpec[] = [
    { kind: 'crop', name, x, y, width: PATCH_SIDE, height: PATCH_SIDE, mirror: false },
  ];
  let input = name;
  const add = (layer: LayerSpec) => {
    layers.push(layer);
    input = layer.name;
  };
  const convolve = (number: number, filters: number) => {
    const window = { kernel: [3, 3], stride: 1, padding: 'same', bias: true } as const;
    add({ kind: 'conv2d', name: `${name}.conv${number}`, input, filters, ...window });
    add({ kind: 'relu', name: `${name}.relu${number}`, input });
  };
  const pool = (number: number) => {
    const window = { size: [2, 2], stride: 2, padding: 'same' } as const;
    add({ kind: 'max-pool', name: `${name}.pool${number}`, input, ...window });
  };
  convolve(1, 16);
  convolve(2, 16);
  pool(1);
  convolve(3, 32);
  pool(2);
  add({ kind: 'flatten', name: `${name}.flatten`, input });
  return layers;
}
