import sharp from 'sharp';
import { expect, test } from 'vitest';
import { canvasSurface } from '../../src/charts/canvas-surface.ts';
import { cornersOf, type Surface } from '../../src/charts/surface.ts';
import { svgSurface } from '../../src/charts/svg-surface.ts';

const [WIDTH, HEIGHT, SCALE] = [60, 40, 4];

function draw(surface: Surface): void {
  surface.shape(cornersOf({ x: 0, y: 0, width: WIDTH, height: HEIGHT }), { fill: '#ffffff' });
  surface.rounded({ x: 5, y: 5, width: 20, height: 10 }, 3, { fill: '#0072b2', fillOpacity: 0.5 });
  surface.rounded({ x: 35, y: 5, width: 12, height: 12 }, 6, { fill: '#e69f00', stroke: '#000000' });
  const line = { stroke: '#d55e00', lineWidth: 2, dash: [4, 6] };
  surface.shape(
    [
      [5, 25],
      [55, 25],
    ],
    line,
    'open',
  );
  surface.gradient({ x: 5, y: 30, width: 50, height: 8 }, (share) => ({ color: '#009e73', opacity: share }));
}

test('pixels and vectors of one drawing look alike', async () => {
  const [canvas, svg] = [canvasSurface(WIDTH, HEIGHT, SCALE), svgSurface(WIDTH, HEIGHT, SCALE)];
  for (const surface of [canvas, svg]) draw(surface);
  const { pixels, width, height } = canvas.toRgba();
  const { data, info } = await sharp(Buffer.from(svg.toSvg('a drawing')))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([width, height]);
  const differences = pixels.map((level, index) => Math.abs(level - data[index]));
  expect(differences.reduce((sum, one) => sum + one, 0) / pixels.length).toBeLessThan(1);
  expect(differences.filter((one) => one > 64).length / pixels.length).toBeLessThan(0.002);
});
