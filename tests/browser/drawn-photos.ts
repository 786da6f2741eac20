import sharp from 'sharp';
import { randomStream } from '../../src/core/random.ts';
import { drawActivation, type Expression } from '../../src/data/synthetic/action-units.ts';
import { PICTURE_SIZE, STUDIO } from '../../src/data/synthetic/conditions.ts';
import { drawIdentity } from '../../src/data/synthetic/identity.ts';
import { renderFace } from '../../src/data/synthetic/render.ts';

const WALL = '#d9d9d9';

/** Draws the same person with an expression, head and shoulders, as PNG. */
async function drawPerson(expression: Expression, side: number): Promise<Buffer> {
  const random = randomStream('demo page', 3);
  const { pixels } = renderFace(drawIdentity(random), drawActivation(expression, random), STUDIO);
  const raw = { width: PICTURE_SIZE, height: PICTURE_SIZE, channels: 1 } as const;
  return sharp(pixels, { raw }).resize(side).png().toBuffer();
}

/** Draws people side by side before a wall, as face-api finds them. @param shift of all of them to the right, pixels */
async function drawPhoto(expressions: readonly Expression[], side: number, shift = 0) {
  const [width, height] = [Math.round(1.6 * side) * expressions.length, Math.round(1.3 * side)];
  const people = await Promise.all(
    expressions.map(async (expression, i) => ({
      input: await drawPerson(expression, side),
      left: Math.round((i + 0.5) * 1.6 * side - side / 2) + shift,
      top: height - side,
    })),
  );
  return sharp({ create: { width, height, channels: 3, background: WALL } }).composite(people);
}

/** A photo of people as file that a page can be given. */
export async function photoFile(name: string, expressions: readonly Expression[], side = 260) {
  const photo = await drawPhoto(expressions, side);
  return { name, mimeType: 'image/png', buffer: await photo.png().toBuffer() };
}

/** A picture of a face from the brows to the chin, in which face-api's detector finds none. */
export async function closeUpFile(name: string, expression: Expression) {
  const whole = sharp(await drawPerson(expression, 480));
  const buffer = await whole.extract({ left: 110, top: 150, width: 260, height: 260 }).png().toBuffer();
  return { name, mimeType: 'image/png', buffer };
}

/** Films a person who sways, as uncompressed video (yuv4mpeg2) for Chromium's camera. */
export async function filmPerson(expression: Expression, frames = 30): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let i = 0; i < frames; i++) {
    const photo = await drawPhoto([expression], 200, Math.round(Math.abs(i - frames / 2) / 3));
    const { data, info } = await photo.extractChannel(0).raw().toBuffer({ resolveWithObject: true });
    if (i === 0) parts.push(Buffer.from(`YUV4MPEG2 W${info.width} H${info.height} F30:1 Ip A1:1 C420jpeg\n`));
    parts.push(Buffer.from('FRAME\n'), data, Buffer.alloc(data.length / 2, 128));
  }
  return Buffer.concat(parts);
}
