import { EvopatchError } from '../core/errors.ts';
import type { LayerSpec, NetworkSpec } from './spec.ts';

/** What a network makes of grey levels 0 to 255, as `CropLayer` says it; 'normalized' where that leaves it out. */
export const GREY_LEVELS = ['normalized', 'signed', 'raw'] as const;
export type GreyLevels = (typeof GREY_LEVELS)[number];

/**
 * The same network, reading grey levels in another way; where none is given, as it is.
 *
 * @throws EvopatchError `INVALID_OPTION` for levels that there are not.
 */
export function withLevels(spec: NetworkSpec, levels?: GreyLevels): NetworkSpec {
  if (levels === undefined) return spec;
  if (!GREY_LEVELS.includes(levels)) {
    throw new EvopatchError('INVALID_OPTION', `must be one of ${GREY_LEVELS.join(', ')}`, {
      option: 'levels',
      given: levels,
    });
  }
  return { ...spec, layers: spec.layers.map((layer) => readingLevels(layer, levels)) };
}

function readingLevels(layer: LayerSpec, levels: GreyLevels): LayerSpec {
  if (layer.kind !== 'crop') return layer;
  const { levels: _, ...crop } = layer;
  return levels === 'normalized' ? crop : { ...crop, levels };
}
