import { expect, test } from 'vitest';
import { strokedWidth, strokesOf } from '../../src/charts/stroke-font.ts';

const SIZE = 83; // one grid step is ten pixels

test('a glyph stands on its baseline, as high and as far as the grid says', () => {
  const points = strokesOf('H', 100, 200, SIZE).flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  expect([Math.min(...xs), Math.max(...xs)]).toEqual([100, 140]);
  expect([Math.min(...ys), Math.max(...ys)]).toEqual([140, 200]);
  expect(Math.max(...strokesOf('p', 0, 200, SIZE).flatMap((line) => line.map(([, y]) => y)))).toBe(220);
});

test('the width of a text is that of what is drawn', () => {
  for (const text of ['Hello', '20×16 pair at (-13, +19)', 'conv 3×3, 50 %', 'i', 'W.', '日本']) {
    const right = Math.max(...strokesOf(text, 0, 0, SIZE).flatMap((line) => line.map(([x]) => x)));
    expect(strokedWidth(text, SIZE)).toBeCloseTo(right, 9);
  }
  expect(strokedWidth('', SIZE)).toBe(0);
});

test('all printable characters of our texts have a form of their own', () => {
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;-+=×·%/_()[]!?';
  const forms = Array.from(characters, (character) => JSON.stringify(strokesOf(character, 0, 0, SIZE)));
  const unknown = JSON.stringify(strokesOf('日', 0, 0, SIZE));
  expect(forms).not.toContain(unknown);
  const shared = forms.length - new Set(forms).size;
  expect(shared).toBe(2); // I and l; O and 0
});
