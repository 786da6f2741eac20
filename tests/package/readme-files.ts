import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { randomStream } from '../../src/core/random.ts';
import { drawActivation, EXPRESSIONS } from '../../src/data/synthetic/action-units.ts';
import { drawConditions, PICTURE_SIZE } from '../../src/data/synthetic/conditions.ts';
import { drawIdentity } from '../../src/data/synthetic/identity.ts';
import { renderFace } from '../../src/data/synthetic/render.ts';
import { COORDINATES } from '../../src/landmarks/points-file.ts';

const PEOPLE = 25;
const USAGES = ['Training', 'Training', 'Training', 'PublicTest', 'PrivateTest'];

/** Writes small stand-ins of every file that the README's commands read. */
export async function writeReadmeFiles(folder: string): Promise<void> {
  const rows = ['emotion,pixels,Usage'];
  const points = [`row,${COORDINATES.join()}`];
  for (let person = 0; person < PEOPLE; person++) {
    const random = randomStream('readme', person);
    const identity = drawIdentity(random);
    for (const [label, expression] of EXPRESSIONS.entries()) {
      const conditions = drawConditions(random, identity.skin);
      const { pixels, landmarks } = renderFace(identity, drawActivation(expression, random), conditions);
      points.push(`${rows.length - 1},${Array.from(landmarks).join()}`);
      rows.push(`${label},${Array.from(pixels).join(' ')},${USAGES[person % USAGES.length]}`);
    }
  }
  writeFileSync(join(folder, 'fer2013.csv.gz'), gzipSync(`${rows.join('\n')}\n`));
  writeFileSync(join(folder, 'points.csv.gz'), gzipSync(`${points.join('\n')}\n`));
  const sample = createRequire(import.meta.url).resolve('face-api.js/demo/sample1.jpg');
  const group = sharp(sample).resize(480);
  await group.clone().jpeg().toFile(join(folder, 'group.jpg'));
  for (const name of ['happy', 'sad'] as const) {
    mkdirSync(join(folder, 'photos', name), { recursive: true });
    await sharp(sample)
      .resize(300)
      .jpeg()
      .toFile(join(folder, 'photos', name, 'first.jpg'));
    for (let person = 0; person < 8; person++) {
      const random = randomStream('readme', name, person);
      const identity = drawIdentity(random);
      const activation = drawActivation(name, random);
      const { pixels } = renderFace(identity, activation, drawConditions(random, identity.skin));
      await sharp(pixels, { raw: { width: PICTURE_SIZE, height: PICTURE_SIZE, channels: 1 } })
        .png()
        .toFile(join(folder, 'photos', name, `${person}.png`));
    }
  }
  const pictures = await Promise.all(
    [1, 1.02].map((light) => group.clone().modulate({ brightness: light }).png().toBuffer()),
  );
  await sharp(pictures, { join: { animated: true } })
    .gif({ delay: [100, 100] })
    .toFile(join(folder, 'talk.gif'));
}

/** Gives a model the names by which the README knows models. */
export function nameModels(folder: string, model: string): void {
  for (const name of ['best', 'gender']) cpSync(model, join(folder, `${name}.safetensors`));
}
