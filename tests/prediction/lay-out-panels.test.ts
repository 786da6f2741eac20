import { describe, expect, test } from 'vitest';
import { poseOf } from '../../src/landmarks/face-pose.ts';
import type { Box } from '../../src/landmarks/landmark-detector.ts';
import { layOutPanels, PanelMemory } from '../../src/prediction/drawing/lay-out-panels.ts';
import { predictionOf } from '../../src/prediction/prediction.ts';

const CLASSES = ['happy', 'sad', 'neutral'];
const picture = { width: 640, height: 480 };

function face(box: Box, id: number, label = 'sad') {
  const points = new Float32Array(136);
  const similarity = { a: 1, b: 0, tx: 0, ty: 0 };
  const shares = CLASSES.map((name) => (name === label ? 0.8 : 0.1));
  const prediction = predictionOf(shares, CLASSES);
  return {
    id,
    box,
    score: 1,
    points,
    pose: poseOf(points),
    aligned: true,
    similarity,
    ...prediction,
    patches: [],
  };
}

const layOut = (boxes: readonly Box[], memory?: PanelMemory, label?: string) =>
  layOutPanels(
    boxes.map((box, i) => face(box, i + 1, label)),
    boxes,
    picture,
    memory,
  );
const box = (x: number, y: number, side = 150): Box => ({ x, y, width: side, height: side });

describe('in a stream', () => {
  test('a panel keeps still while its face jitters, and follows when it moves', () => {
    const memory = new PanelMemory();
    const [first] = layOut([box(100, 100)], memory).panels;
    for (const [dx, dy] of [
      [8, 0],
      [0, -12],
      [10, 14],
      [3, 2],
    ]) {
      expect(layOut([box(100 + dx, 100 + dy, 148 + dx / 2)], memory).panels).toEqual([first]);
    }
    const [walked] = layOut([box(160, 100)], memory).panels;
    expect(walked.x).toBeGreaterThan(first.x + 40);
    expect(layOut([box(100, 100)]).panels[0].x).not.toBe(layOut([box(108, 100)]).panels[0].x);
  });

  test('a panel keeps its width when the label changes', () => {
    const memory = new PanelMemory();
    const widths = ['neutral', 'sad', 'happy'].map(
      (label) => layOut([box(100, 100)], memory, label).panels[0].width,
    );
    expect(new Set(widths).size).toBe(1);
  });

  test('compact panels stay compact', () => {
    const memory = new PanelMemory();
    const crowd = [0, 160, 320, 480].flatMap((x) => [0, 160, 320].map((y) => box(x, y)));
    expect(layOut(crowd, memory).style).toBe('compact');
    expect(layOut(crowd.slice(0, 2), memory).style).toBe('compact');
    expect(layOut(crowd.slice(0, 2)).style).toBe('full');
  });

  test('the strip beside a lone face stays, with and without the face', () => {
    const memory = new PanelMemory();
    const whole = { x: 10, y: 10, width: 620, height: 460 };
    const { width, panels } = layOut([whole], memory);
    expect(width).toBeGreaterThan(picture.width);
    expect(panels[0].x).toBeGreaterThanOrEqual(picture.width);
    expect(layOut([], memory)).toMatchObject({ width, panels: [] });
    expect(layOut([box(100, 100)], memory)).toMatchObject({ width, style: 'full' });
  });
});
