import { EvopatchError } from '../core/errors.ts';
import type { LayerSpec, NetworkSpec } from './spec.ts';

/** How a network scales grey levels 0 to 255: as in `CropLayer.levels`, which omits 'normalized'. */
export const GREY_LEVELS = ['normalized', 'signed', 'raw'] as const;
export type GreyLevels = (typeof GREY_LEVELS)[number];

/**
 * Returns the same network with other grey levels, or unchanged if `levels` is left out.
 *
 * @throws EvopatchError `INVALID_OPTION` for unknown levels.
 */
export function withLevels(spec: NetworkSpec, levels?: GreyLevels): NetworkSpec {
  if (levels === undefined) return spec;
  if (!GREY_LEVELS.includes(levels)) {
    throw new EvopatchError('INVALID_OPTION', `must be one of ${GREY_LEVELS.join(', ')}`, {
      option: 'levels',
      given: levels,
    });
  }
  return { ...spec, layers: spec.layers.map((layer) => setLevels(layer, levels)) };
}

function setLevels(layer: LayerSpec, levels: GreyLevels): LayerSpec {
  if (layer.kind !== 'crop') return layer;
  const { levels: _, ...crop } = layer;
  return levels === 'normalized' ? crop : { ...crop, levels };
}
