// Tells pictures from models, and opens pictures.

/** Longer side of an opened picture, pixels: larger ones show no more of a face that fills them, and take longer. */
const SIDE = 1600;

/** What a page cannot do, in words for its reader. */
export class Problem extends Error {}

export function isModel({ name }: File): boolean {
  return name.toLowerCase().endsWith('.safetensors');
}

/** Opens a picture, upright. @throws Problem if it is none that the browser knows. */
export async function openPicture(file: File): Promise<ImageBitmap> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Problem(`This browser cannot open ${file.name} as a picture. Try a JPEG or PNG file.`);
  });
  const factor = SIDE / Math.max(picture.width, picture.height);
  if (factor >= 1) return picture;
  const [resizeWidth, resizeHeight] = [picture.width, picture.height].map((side) =>
    Math.max(1, Math.round(factor * side)),
  );
  const smaller = await createImageBitmap(picture, { resizeWidth, resizeHeight, resizeQuality: 'high' });
  picture.close();
  return smaller;
}
