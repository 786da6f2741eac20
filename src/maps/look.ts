import { EvopatchError } from '../core/errors.ts';
import { MAP_COLORS, MAP_STYLES, type MapLook, type PatchMapContent } from './content.ts';

/** Limits of the scale, picture pixels for each frame pixel; below the minimum, text is illegible. */
export const SCALES = { minimum: 4, maximum: 64 } as const;

/** Checks the options of a drawing. @throws EvopatchError `INVALID_OPTION` that names the option at fault. */
export function checkLook(look: MapLook, { photo }: Pick<PatchMapContent, 'photo'>): MapLook {
  const { scale, style, colors } = look;
  const refuse = (option: string, problem: string, given: unknown, hint: string) => {
    throw new EvopatchError('INVALID_OPTION', problem, { option, given, hint });
  };
  const { minimum, maximum } = SCALES;
  if (scale !== undefined && (!Number.isInteger(scale) || scale < minimum || scale > maximum)) {
    refuse('scale', 'no possible scale', scale, `Give a whole number from ${minimum} to ${maximum}`);
  }
  if (scale !== undefined && photo !== undefined) {
    refuse('scale', 'a map on a photo has the scale of the photo', scale, 'Leave out the scale');
  }
  if (style !== undefined && !MAP_STYLES.includes(style)) {
    refuse('style', 'there is no such style', style, `Give one of ${MAP_STYLES.join(', ')}`);
  }
  if (colors !== undefined && !MAP_COLORS.includes(colors)) {
    refuse('colors', 'there are no such colours', colors, `Give one of ${MAP_COLORS.join(', ')}`);
  }
  return look;
}
