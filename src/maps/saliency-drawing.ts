import { canvasSurface } from '../charts/canvas-surface.ts';
import { type Color, diverging, FAINT, INK, magma } from '../charts/colors.ts';
import { cornersOf, type Surface } from '../charts/surface.ts';
import { svgSurface } from '../charts/svg-surface.ts';
import { type TextStyle, wrapText } from '../charts/text.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Rectangle } from '../genome/patches.ts';

export interface SaliencyPicture {
  /**
   * The picture as the bytes of a PNG.
   *
   * @param scale picture pixels for each frame pixel, a whole number from 2 to 32 @defaultValue 6
   * @throws EvopatchError `INVALID_OPTION` for another scale.
   */
  toPng(scale?: number): Uint8Array;
  toSvg(scale?: number): string;
}

const DEFAULT_SCALE = 6;
/** Lengths in frame pixels. */
export const MARGIN = 3;
export const GAP = 3;
export const SMALL = { size: 1.9, color: FAINT } as const;
/** Distance between two lines, in font sizes. */
export const LINE_HEIGHT = 1.45;
const BAR_HEIGHT = 1.4;
const WHITE = '#ffffff';

/** Draws a colour scale that ends at `maximum`, labelled with its ends and its unit. */
export function drawBar(
  surface: Surface,
  { x, y, width }: Omit<Rectangle, 'height'>,
  maximum: number,
  unit: string,
  kind: 'signed' | 'magnitude',
  style: TextStyle = SMALL,
): void {
  const signed = kind === 'signed';
  const colorAt = (share: number): Color => (signed ? diverging(2 * share - 1) : magma(share));
  const steps = 60;
  const pixels = new Uint8ClampedArray(4 * steps);
  for (let step = 0; step < steps; step++) pixels.set([...colorAt((step + 0.5) / steps), 255], 4 * step);
  surface.clipped({ x, y, width, height: BAR_HEIGHT }, () => {
    const a = width / steps;
    for (let row = 0; row * a < BAR_HEIGHT; row++) {
      surface.cells({ pixels, width: steps, height: 1 }, { a, b: 0, tx: x, ty: y + row * a });
    }
  });
  surface.shape(cornersOf({ x, y, width, height: BAR_HEIGHT }), { stroke: INK, lineWidth: 0.12 });
  const below = y + BAR_HEIGHT + style.size + 0.3;
  surface.text(signed ? `< −${formatNumber(maximum)}` : '0', x, below, style);
  surface.text(`> ${formatNumber(maximum)}`, x + width, below, { ...style, align: 'right' });
  surface.text(signed ? '0' : unit, x + width / 2, below, { ...style, align: 'center' });
  if (signed) surface.text(unit, x + width / 2, below + style.size + 0.7, { ...style, align: 'center' });
}

/** Formats a number with two significant digits, without trailing zeros. */
function formatNumber(value: number): string {
  return `${Number(value.toPrecision(2))}`;
}

/** Writes wrapped text and returns the y coordinate of the line below it. */
export function write(
  surface: Surface,
  text: string,
  x: number,
  y: number,
  width: number,
  style: TextStyle,
): number {
  const lines = wrapText(text, width, style);
  const height = LINE_HEIGHT * style.size;
  for (const [index, line] of lines.entries()) surface.text(line, x, y + index * height, style);
  return y + lines.length * height;
}

export function drawPicture(
  title: string,
  width: number,
  height: number,
  draw: (surface: Surface) => void,
): SaliencyPicture {
  const drawOn = <Kind extends Surface>(
    open: (width: number, height: number, scale: number) => Kind,
    scale: number,
  ) => {
    if (!Number.isInteger(scale) || scale < 2 || scale > 32) {
      const hint = 'Give a whole number from 2 to 32';
      throw new EvopatchError('INVALID_OPTION', 'no possible scale', { option: 'scale', given: scale, hint });
    }
    const surface = open(width, height, scale);
    surface.shape(cornersOf({ x: 0, y: 0, width, height }), { fill: WHITE });
    draw(surface);
    return surface;
  };
  return {
    toPng: (scale = DEFAULT_SCALE) => drawOn(canvasSurface, scale).toPng(),
    toSvg: (scale = DEFAULT_SCALE) => drawOn(svgSurface, scale).toSvg(title),
  };
}
