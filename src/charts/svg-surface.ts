import { canvasOf } from './canvas-surface.ts';
import { FONT_NAMES } from './fonts.ts';
import type { Paint, Placement, Point, Rectangle, RgbaImage, Surface } from './surface.ts';

/** Number of colours in a gradient. */
const STRIPS = 60;

export interface SvgSurface extends Surface {
  /** Returns the whole document. @param title describes the picture to people who cannot see it */
  toSvg(title: string): string;
}

/** Opens a surface of vectors. @param scale initial size, pixels for each unit */
export function svgSurface(width: number, height: number, scale: number): SvgSurface {
  const parts: string[] = [];
  const pixels = ({ a, b, tx, ty }: Placement, content: string, rendering = '') => {
    const matrix = [a, b, -b, a, tx, ty].map((one) => number(one, 6)).join(' ');
    parts.push(`<g transform="matrix(${matrix})"${rendering}>${content}</g>`);
  };

  return {
    shape: (points, paint, open) => {
      const style = styleOf(paint);
      const box = open === undefined ? boxOf(points) : undefined;
      if (box !== undefined) parts.push(`<rect ${attributesOf(box)} ${style}/>`);
      else {
        const list = points.map(([x, y]) => `${number(x)},${number(y)}`).join(' ');
        parts.push(`<poly${open === undefined ? 'gon' : 'line'} points="${list}" ${style}/>`);
      }
    },
    rounded: (rectangle, radius, paint) => {
      parts.push(`<rect ${attributesOf(rectangle)} rx="${number(radius)}" ${styleOf(paint)}/>`);
    },
    text: (text, x, y, { size, color, bold = false, align = 'left' }) => {
      const anchor = { left: '', center: ' text-anchor="middle"', right: ' text-anchor="end"' }[align];
      const weight = bold ? ' font-weight="600"' : '';
      const position = `x="${number(x)}" y="${number(y)}" font-size="${number(size)}"`;
      parts.push(`<text ${position}${weight}${anchor} fill="${color}">${escapeXml(text)}</text>`);
    },
    gradient: ({ x, y, width, height }, tintAt) => {
      const strips = Array.from({ length: STRIPS }, (_, strip) => {
        const { color, opacity } = tintAt(1 - strip / (STRIPS - 1));
        const box = { x, y: y + (strip * height) / STRIPS, width, height: height / STRIPS };
        return `<rect ${attributesOf(box)} ${styleOf({ fill: color, fillOpacity: opacity })}/>`;
      });
      parts.push(`<g shape-rendering="crispEdges">${strips.join('')}</g>`);
    },
    // Neighbours share edges, which antialiasing would show as lines.
    cells: (image, placement) => pixels(placement, cellsOf(image), ' shape-rendering="crispEdges"'),
    picture: (image, placement) => {
      const { width, height } = image;
      const data = canvasOf(image).toBuffer('image/png').toString('base64');
      const href = `data:image/png;base64,${data}`;
      pixels(placement, `<image width="${width}" height="${height}" href="${href}"/>`);
    },
    // A clip path would need an identifier, and several pictures may share a page.
    clipped: (rectangle, draw) => {
      const { x, y, width, height } = rectangle;
      const view = [x, y, width, height].map((one) => number(one)).join(' ');
      parts.push(`<svg ${attributesOf(rectangle)} viewBox="${view}" overflow="hidden">`);
      draw();
      parts.push('</svg>');
    },
    toSvg: (title) =>
      [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${number(width * scale)}" height="${number(height * scale)}"`,
        ` viewBox="0 0 ${number(width)} ${number(height)}" role="img" font-family="${FONT_NAMES}"`,
        ' stroke-linejoin="round" stroke-linecap="round" data-generator="evopatch">',
        `<title>${escapeXml(title)}</title>\n`,
        parts.join('\n'),
        '\n</svg>\n',
      ].join(''),
  };
}

/** Escapes text for content and attributes, and drops characters that XML does not allow. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Merges neighbours of the same colour in a row into one rectangle, and skips transparent pixels. */
function cellsOf({ pixels, width, height }: RgbaImage): string {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  const rectangles: string[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; ) {
      const start = row * width + column;
      let length = 1;
      while (column + length < width && words[start + length] === words[start]) length++;
      const [red, green, blue, alpha] = pixels.subarray(4 * start, 4 * start + 4);
      if (alpha > 0) {
        const fill = `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
        const opacity = alpha < 255 ? ` fill-opacity="${number(alpha / 255)}"` : '';
        rectangles.push(
          `<rect x="${column}" y="${row}" width="${length}" height="1" fill="${fill}"${opacity}/>`,
        );
      }
      column += length;
    }
  }
  return rectangles.join('');
}

/** Recognises four corners, clockwise from the upper left, as an upright rectangle. */
function boxOf(points: readonly Point[]): Rectangle | undefined {
  if (points.length !== 4) return undefined;
  const [[left, top], [right, topRight], [lowerRight, bottom], [lowerLeft, bottomLeft]] = points;
  if (top !== topRight || bottom !== bottomLeft || left !== lowerLeft || right !== lowerRight)
    return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function attributesOf({ x, y, width, height }: Rectangle): string {
  return `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`;
}

function styleOf({ fill, fillOpacity = 1, stroke, strokeOpacity = 1, lineWidth = 1, dash }: Paint): string {
  const opacity = (name: string, value: number) => (value < 1 ? ` ${name}-opacity="${number(value)}"` : '');
  const inside = `fill="${fill ?? 'none'}"${opacity('fill', fillOpacity)}`;
  if (stroke === undefined) return inside;
  const dashes =
    dash === undefined ? '' : ` stroke-dasharray="${dash.map((length) => number(length)).join(' ')}"`;
  return `${inside} stroke="${stroke}" stroke-width="${number(lineWidth)}"${opacity('stroke', strokeOpacity)}${dashes}`;
}

function number(value: number, digits = 3): string {
  return String(Number(value.toFixed(digits)));
}
