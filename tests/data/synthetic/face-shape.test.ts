import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/core/random.ts';
import {
  type Activation,
  drawActivation,
  EXPRESSIONS,
  type Expression,
  PROTOTYPES,
} from '../../../src/data/synthetic/action-units.ts';
import { mirrorPoint, restingShape } from '../../../src/data/synthetic/face-shape.ts';
import { AVERAGE, drawIdentity } from '../../../src/data/synthetic/identity.ts';
import { moveByUnits } from '../../../src/data/synthetic/unit-motion.ts';
import { MEAN_SHAPE } from '../../../src/landmarks/mean-shape.ts';

const rest = restingShape(AVERAGE);

/** How far an expression at full strength moves a point down. */
function drop(expression: Expression, point: number): number {
  const activation: Activation = Object.fromEntries(
    Object.entries(PROTOTYPES[expression])
      .filter(([, share]) => share >= 0.6)
      .map(([unit]) => [unit, 1]),
  );
  return moveByUnits(rest, activation)[2 * point + 1] - rest[2 * point + 1];
}

const INNER_BROW = 21;
const OUTER_BROW = 18;
const UPPER_LID = 37;
const LOWER_LID = 41;
const LIP_CORNER = 48;
const LOWER_LIP = 66;

describe('restingShape', () => {
  it('lies on the mean face for the average person, eyes and closed lips aside', () => {
    const widest = MEAN_SHAPE.map(([x, y], i) =>
      Math.max(Math.abs(x - rest[2 * i]), Math.abs(y - rest[2 * i + 1])),
    );
    expect(Math.max(...widest.slice(0, 36))).toBeLessThan(1e-9);
    expect(Math.max(...widest)).toBeLessThan(1.2);
  });

  it('is symmetric for everybody, and mirroring twice gives the point', () => {
    for (let person = 0; person < 20; person++) {
      const shape = restingShape(drawIdentity(randomStream('symmetry', person)));
      for (let point = 0; point < 68; point++) {
        const other = mirrorPoint(point);
        expect(mirrorPoint(other)).toBe(point);
        expect(shape[2 * point] + shape[2 * other]).toBeCloseTo(48, 9);
        expect(shape[2 * point + 1]).toBeCloseTo(shape[2 * other + 1], 9);
      }
    }
  });
});

describe('expressions move the landmarks as their units say', () => {
  it('happy raises and widens the mouth corners and lifts the lower lid', () => {
    expect(drop('happy', LIP_CORNER)).toBeLessThan(-1.5);
    expect(drop('happy', LOWER_LID)).toBeLessThan(-0.4);
    expect(drop('happy', INNER_BROW)).toBe(0);
  });

  it('sad raises the inner brow more than the outer and lowers the mouth corners', () => {
    expect(drop('sad', INNER_BROW)).toBeLessThan(-1);
    expect(drop('sad', OUTER_BROW)).toBeGreaterThan(0.5);
    expect(drop('sad', LIP_CORNER)).toBeGreaterThan(1);
  });

  it('surprise raises the whole brow, opens the eye and drops the jaw', () => {
    expect(drop('surprise', INNER_BROW)).toBeLessThan(-2);
    expect(drop('surprise', OUTER_BROW)).toBeLessThan(-2);
    expect(drop('surprise', UPPER_LID)).toBeLessThan(-1);
    expect(drop('surprise', LOWER_LIP)).toBeGreaterThan(3);
    expect(drop('surprise', 8)).toBeGreaterThan(2);
  });

  it('fear raises the brow less than surprise and stretches the mouth', () => {
    expect(drop('fear', INNER_BROW)).toBeGreaterThan(drop('surprise', INNER_BROW));
    expect(drop('fear', UPPER_LID)).toBeLessThan(-0.7);
    expect(moveByUnits(rest, { AU20: 1 })[2 * LIP_CORNER]).toBeLessThan(rest[2 * LIP_CORNER] - 1.5);
  });

  it('angry lowers the brow, disgust lifts nose and upper lip', () => {
    expect(drop('angry', INNER_BROW)).toBeGreaterThan(1.5);
    expect(drop('angry', 33)).toBe(0);
    expect(drop('disgust', 33)).toBeLessThan(-0.5);
    expect(drop('disgust', 51)).toBeLessThan(-0.5);
  });

  it('asymmetry moves one side more', () => {
    const smile = moveByUnits(rest, { AU12: 1 }, 0.5);
    const [left, right] = [48, 54].map((point) => rest[2 * point + 1] - smile[2 * point + 1]);
    expect(left / right).toBeCloseTo(3, 6);
  });
});

describe('drawActivation', () => {
  it('shows the units of the expression at about their shares, others rarely and weakly', () => {
    for (const expression of EXPRESSIONS) {
      const faces = Array.from({ length: 300 }, (_, i) =>
        drawActivation(expression, randomStream('shares', expression, i)),
      );
      for (const unit of ['AU1', 'AU4', 'AU9', 'AU12', 'AU26'] as const) {
        const share = PROTOTYPES[expression][unit];
        const strong = faces.filter((face) => (face[unit] ?? 0) > 0.4).length / faces.length;
        const shown = faces.filter((face) => unit in face).length / faces.length;
        if (share === undefined) {
          expect(strong).toBe(0);
          expect(shown).toBeLessThan(0.15);
        } else {
          expect(shown).toBeGreaterThan(share - 0.1);
          expect(Math.max(...faces.map((face) => face[unit] ?? 0))).toBeLessThanOrEqual(1);
        }
      }
    }
  });
});
