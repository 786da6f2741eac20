import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placePanels } from '../../src/prediction/drawing/place-panels.ts';

const picture = { width: 400, height: 300 };
const box = { x: 150, y: 100, width: 80, height: 80 };
const size = { width: 60, height: 40 };

describe('a panel', () => {
  test('lies on the first free side', () => {
    const placeOn = (...sides: ('right' | 'left' | 'above' | 'below')[]) =>
      placePanels([box], [size], sides, 10, picture);
    expect(placeOn('right')).toMatchObject({ panels: [{ x: 240, y: 100, ...size }], hidden: 0 });
    expect(placeOn('left', 'right').panels).toEqual([{ x: 80, y: 100, ...size }]);
    expect(placeOn('above').panels).toEqual([{ x: 150, y: 50, ...size }]);
    expect(placeOn('below').panels).toEqual([{ x: 150, y: 190, ...size }]);
  });

  test('moves to another side if the first is beyond the edge', () => {
    const atEdge = { ...box, x: 320 };
    expect(placePanels([atEdge], [size], ['right', 'left'], 10, picture).panels).toEqual([
      { x: 250, y: 100, ...size },
    ]);
  });

  test('leaves other faces and panels free', () => {
    const neighbour = { ...box, x: 240 };
    const { panels, hidden } = placePanels([box, neighbour], [size, size], ['right', 'left'], 10, picture);
    expect(hidden).toBe(0);
    expect(panels).toEqual([
      { x: 80, y: 100, ...size },
      { x: 330, y: 100, ...size },
    ]);
  });

  test('reports how much it hides if there is no room', () => {
    const whole = { x: 0, y: 0, ...picture };
    expect(placePanels([whole], [size], ['right', 'below'], 10, picture).hidden).toBe(1);
  });
});

test('panels lie inside the picture', () => {
  const side = (max: number) => fc.integer({ min: 1, max });
  const boxes = fc.array(
    fc.record({
      x: fc.integer({ min: -50, max: 400 }),
      y: fc.integer({ min: -50, max: 300 }),
      width: side(300),
      height: side(300),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(boxes, side(400), side(300), (given, width, height) => {
      const sizes = given.map(() => ({ width, height }));
      for (const panel of placePanels(given, sizes, ['right', 'left', 'below', 'above'], 6, picture).panels) {
        expect(panel).toMatchObject({ width, height });
        expect(Math.min(panel.x, panel.y)).toBeGreaterThanOrEqual(0);
        expect(panel.x + width).toBeLessThanOrEqual(picture.width);
        expect(panel.y + height).toBeLessThanOrEqual(picture.height);
      }
    }),
  );
});
