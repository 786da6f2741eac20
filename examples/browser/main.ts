// The page: photos, drawn faces and the camera in, answers and patches out.
import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-600.css';
import type { PredictedFace } from 'evopatch/browser';
import { Answers, inWords } from './answers.ts';
import { type Camera, openCamera, RateMeter } from './camera.ts';
import { acceptDrops } from './drop.ts';
import { isModel, openPicture, Problem } from './files.ts';
import defaultModel from './generated/drawn-faces.safetensors?url';
import type { FacePlace, OpenedModel } from './protocol.ts';
import { ask } from './reader.ts';
import { type Sample, Samples } from './samples.ts';
import { drawScene, type Scene } from './stage.ts';
import { Status } from './status.ts';
import { wordsFor, wordsForModel } from './words.ts';

const find = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const stage = find<HTMLCanvasElement>('stage');
const title = find('title');
const rate = find('rate');
const cameraButton = find<HTMLButtonElement>('camera');
const only = find<HTMLInputElement>('only');
const faceChoice = find<HTMLFieldSetElement>('faces');
const problem = find('problem');
const [asOneFace] = problem.getElementsByTagName('button');
const status = new Status(find('status'));
const answers = new Answers(find('answers'));

interface Shown {
  readonly picture: ImageBitmap;
  readonly title: string;
  readonly place: FacePlace;
  readonly mirrored: boolean;
  readonly sample?: Sample;
}

const DEFAULT_NAME = 'drawn-faces.safetensors';
let models: readonly OpenedModel[] = [];
/** Index of the chosen face. */
let chosen = 0;
let shown: Shown | undefined;
/** [face][model] */
let faces: readonly (readonly PredictedFace[])[] = [];
let camera: Camera | undefined;
/** Counts what was asked for, so that late answers to earlier questions are dropped. */
let turn = 0;

async function read(next: Shown): Promise<void> {
  stopCamera();
  const mine = ++turn;
  hideProblem();
  const found = await ask({ ask: 'read', picture: next.picture, place: next.place });
  if (mine !== turn) return;
  if (shown?.picture !== next.picture) shown?.picture.close();
  show(next, found);
  if (found.length === 0) {
    const advice = 'Faces that look aside, are small or fill the picture to its edges are missed.';
    showProblem(`No face was found in ${next.title}. ${advice}`, true);
  } else status.say(summary());
}

function show(next: Shown, found: typeof faces): void {
  shown = next;
  faces = found;
  chosen = Math.min(chosen, Math.max(0, found.length - 1));
  title.textContent = next.title;
  find('drawn-only').hidden = next.place === 'frame' || !models.some(({ name }) => name === DEFAULT_NAME);
  samples.mark(next.sample);
  listFaces();
  draw();
}

/** Draws the picture with the patches of the first model; each panel shows those of its own. */
function draw(): void {
  if (shown === undefined) return;
  const { picture, mirrored } = shown;
  const scenes = models.map((_, model): Scene => {
    const readings = faces.map((face) => face[model]);
    return { picture, mirrored, faces: readings, face: chosen, only: only.checked };
  });
  drawScene(stage, scenes[0]);
  answers.show(scenes);
  const patches = faces[chosen]?.[0].patches.length ?? 0;
  stage.setAttribute('aria-label', `${shown.title}, with ${patches} marked patches`);
}

function summary(): string {
  const answer = faces[chosen].map(inWords).join('; ');
  return faces.length === 1 ? answer : `${faces.length} faces. Face ${chosen + 1}: ${answer}`;
}

/** Offers the faces to choose from; keeps what is there while their number stays, and with it the focus. */
function listFaces(): void {
  faceChoice.hidden = faces.length < 2;
  const inputs = [...faceChoice.getElementsByTagName('input')];
  if (inputs.length !== faces.length) {
    for (const label of faceChoice.querySelectorAll('label')) label.remove();
    for (let i = 0; i < faces.length; i++) {
      const label = document.createElement('label');
      const input = Object.assign(document.createElement('input'), {
        type: 'radio',
        name: 'face',
        value: `${i}`,
      });
      label.append(input, `${i + 1}`);
      faceChoice.append(label);
      inputs[i] = input;
    }
  }
  for (let i = 0; i < faces.length; i++) inputs[i].checked = i === chosen;
}

faceChoice.addEventListener('change', ({ target }) => {
  chosen = Number((target as HTMLInputElement).value);
  draw();
  status.say(summary());
});

async function openModel(name: string, bytes: ArrayBuffer): Promise<void> {
  try {
    models = await ask({ ask: 'open', name, bytes });
  } catch (error) {
    throw new Problem(wordsForModel(name, error));
  }
  answers.open(models);
}

async function openFile(file: File): Promise<void> {
  if (isModel(file)) {
    await openModel(file.name, await file.arrayBuffer());
    hideProblem();
    status.say(`${file.name} is open`);
    if (camera === undefined && shown) await read(shown);
  } else {
    await read({ picture: await openPicture(file), title: file.name, place: 'search', mirrored: false });
  }
}

async function startCamera(): Promise<void> {
  if (navigator.mediaDevices === undefined) {
    throw new Problem('Browsers lend the camera only to pages that come by https or from localhost.');
  }
  hideProblem();
  const mine = ++turn;
  const meter = new RateMeter();
  const opened = await openCamera(
    async (picture, { mirrored }) => {
      const found = await ask({ ask: 'read', picture, place: 'camera' });
      if (mine !== turn) return picture.close();
      shown?.picture.close();
      show({ picture, title: 'Camera', place: 'camera', mirrored }, found);
      rate.textContent = `${meter.tick().toFixed(1)} frames/s`;
      status.sayWhenSteady(found.length === 0 ? 'No face' : summary());
    },
    (error) => {
      stopCamera();
      showProblem(error === undefined ? 'The camera has stopped.' : wordsFor(error));
    },
  );
  if (mine !== turn) return opened.stop();
  camera = opened;
  rate.hidden = false;
  cameraButton.textContent = 'Stop the camera';
}

function stopCamera(): void {
  if (camera === undefined) return;
  turn++;
  camera.stop();
  camera = undefined;
  rate.hidden = true;
  cameraButton.textContent = 'Use the camera';
}

function showProblem(text: string, offersOneFace = false): void {
  problem.getElementsByTagName('p')[0].textContent = text;
  asOneFace.hidden = !offersOneFace;
  problem.hidden = false;
  if (shown === undefined) title.textContent = ''; // it is not loading any more
}

function hideProblem(): void {
  problem.hidden = true;
}

/** Runs what a user asked for; what cannot be done is said on the page. */
function attempt(action: () => Promise<void>): void {
  action().catch((error) => showProblem(wordsFor(error)));
}

for (const id of ['photo', 'model']) {
  const input = find<HTMLInputElement>(id);
  find(`choose-${id}`).addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) attempt(() => openFile(file));
    input.value = ''; // so that the same file can be chosen again
  });
}
acceptDrops(find('drop'), (file) => attempt(() => openFile(file)));
only.addEventListener('change', draw);
cameraButton.addEventListener('click', () => {
  if (camera) stopCamera();
  else attempt(startCamera);
});
asOneFace.addEventListener('click', () => {
  const current = shown;
  if (current) attempt(() => read({ ...current, place: 'whole' }));
});

async function readSample(sample: Sample): Promise<void> {
  const picture = await createImageBitmap(sample.image);
  await read({ picture, title: `Drawn face: ${sample.name}`, place: 'frame', mirrored: false, sample });
}

const samples = new Samples(find('samples'), (sample) => attempt(() => readSample(sample)));
attempt(async () => {
  const [response] = await Promise.all([fetch(defaultModel), samples.first.image.decode()]);
  await openModel(DEFAULT_NAME, await response.arrayBuffer());
  if (turn === 0) await readSample(samples.first);
  document.body.dataset.state = 'ready';
});
