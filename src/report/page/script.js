// Adds to a page that also works without scripts: a slider shows one generation at a time, and one genome of the front is
// shown. It fetches nothing.

const PLAY_MILLISECONDS = 700;
const root = document.documentElement;

/** @type {number | undefined} */
let playing;
/** @type {string | undefined} */
let shownGenome;

/** @returns {HTMLInputElement | null} */
const findSlider = () => document.querySelector('input#generation');

/** Shows for each run the figure of the slider's generation, or of the last one before it that has a figure. */
function showGeneration() {
  const slider = findSlider();
  if (slider === null) return;
  const output = document.querySelector('output[for="generation"]');
  if (output !== null) output.textContent = slider.value;
  for (const timeline of document.querySelectorAll('.timeline')) {
    const figures = [...timeline.querySelectorAll('figure[data-generation]')];
    const reached = figures.filter(
      (figure) => Number(figure.getAttribute('data-generation')) <= Number(slider.value),
    );
    const current = reached.at(-1) ?? figures[0];
    for (const figure of figures) figure.toggleAttribute('hidden', figure !== current);
  }
}

/** Plays from the slider's generation, or from the first when it is at the last. */
function play() {
  const slider = findSlider();
  if (slider === null) return;
  if (slider.value === slider.max) slider.value = slider.min;
  playing = setInterval(() => {
    const current = findSlider();
    current?.stepUp();
    if (current?.value === current?.max) pause();
    showGeneration();
  }, PLAY_MILLISECONDS);
  labelButton();
  showGeneration();
}

function pause() {
  clearInterval(playing);
  playing = undefined;
  labelButton();
}

function labelButton() {
  const button = document.getElementById('play');
  if (button !== null) button.textContent = playing === undefined ? 'Play' : 'Pause';
}

/** Shows the genome that the address names, else the one shown last, else the chosen one. */
function showGenome() {
  const panels = [...document.querySelectorAll('.genome')];
  const shown =
    panels.find(({ id }) => `#${id}` === location.hash) ??
    panels.find(({ id }) => id === shownGenome) ??
    panels.find(({ classList }) => classList.contains('chosen-genome')) ??
    panels[0];
  shownGenome = shown?.id;
  for (const panel of panels) panel.toggleAttribute('hidden', panel !== shown);
  for (const link of document.querySelectorAll('a[data-genome]')) {
    link.setAttribute('aria-current', String(link.getAttribute('href') === `#${shownGenome}`));
  }
}

/** Also scrolls to the genome, which was hidden when the browser looked for it. */
function goToGenome() {
  showGenome();
  const panel = shownGenome === undefined ? null : document.getElementById(shownGenome);
  if (panel === null || `#${panel.id}` !== location.hash) return;
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: 'nearest' });
}

/** Makes the content interactive; called again when the content is replaced. */
function activate() {
  showGenome();
  const slider = findSlider();
  if (slider === null) return;
  const button = document.createElement('button');
  button.id = 'play';
  button.type = 'button';
  button.addEventListener('click', () => (playing === undefined ? play() : pause()));
  slider.addEventListener('input', () => {
    pause();
    showGeneration();
  });
  slider.parentElement?.append(button);
  labelButton();
  showGeneration();
}

// Paper shows what is folded under the names of runs.
addEventListener('beforeprint', () => {
  for (const run of document.querySelectorAll('details.run:not([open])')) {
    run.setAttribute('open', '');
    addEventListener('afterprint', () => run.removeAttribute('open'), { once: true });
  }
});

root.classList.add('live-script');
addEventListener('hashchange', goToGenome);
activate();
goToGenome();
