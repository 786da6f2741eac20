// What the page does in a browser, beside what it does without: a slider shows one generation at a time, and a page that
// is served while its run goes on follows it. From a file it asks for nothing.

const PLAY_MILLISECONDS = 700;
const root = document.documentElement;

/** @type {number | undefined} */
let playing;
/** @type {string | undefined} */
let shownGenome;

/** @returns {HTMLInputElement | null} */
const findSlider = () => document.querySelector('input#generation');

/** Shows of each run the figure of the generation that the slider is at, or the last one before it that has a figure. */
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

/** Goes on from where the slider is, or from the first generation. */
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

/** Shows the genome that the address names; without one the last that was shown, else the chosen one of the run. */
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

/** As above, and goes there: it was hidden when the browser looked for it. */
function goToGenome() {
  showGenome();
  const panel = shownGenome === undefined ? null : document.getElementById(shownGenome);
  if (panel === null || `#${panel.id}` !== location.hash) return;
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: 'nearest' });
}

/** Makes the content answer to the reader. */
function enliven() {
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

/** What finds an element again in a page that was made anew. @param {Element | null} element */
function selectorOf(element) {
  if (element?.id) return `#${CSS.escape(element.id)}`;
  const link = element?.getAttribute('href');
  return link ? `[href="${CSS.escape(link)}"]` : undefined;
}

/** Puts the page as it is now in place of what is shown below `status`, and leaves the reader where they are. @param {Element} status */
async function refresh(status) {
  const response = await fetch(location.pathname);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  const next = new DOMParser().parseFromString(text, 'text/html');
  const { value, max } = findSlider() ?? {};
  const focused = selectorOf(document.activeElement);
  const open = [...document.querySelectorAll('details')].map((details) => details.open);
  const [left, top] = [scrollX, scrollY];
  document.body.replaceChildren(status, ...next.body.children);
  document.title = next.title;
  root.dataset.live = next.documentElement.dataset.live;
  for (const [index, details] of document.querySelectorAll('details').entries())
    details.open = open[index] ?? false;
  const slider = findSlider();
  if (slider !== null && value !== undefined && value !== max) slider.value = value; // at the last one it follows
  enliven();
  const again = focused ? document.querySelector(focused) : null;
  if (again instanceof HTMLElement || again instanceof SVGElement) again.focus({ preventScroll: true });
  scrollTo({ left, top, behavior: 'instant' });
}

/** Follows the run that serves this page. */
function follow() {
  const status = document.createElement('aside');
  const line = document.createElement('p');
  const bar = document.createElement('progress');
  status.className = 'live';
  status.setAttribute('aria-label', 'The run');
  bar.setAttribute('aria-label', 'Networks trained');
  line.textContent = 'Waiting for word of the run.';
  status.append(line, bar);
  document.body.prepend(status);
  let queue = Promise.resolve();
  /** @param {number} state */
  const refreshTo = (state) => {
    queue = queue
      .then(() => (state > Number(root.dataset.live) ? refresh(status) : undefined))
      .catch((cause) => {
        line.textContent = cause.message;
      });
    return queue;
  };
  const events = new EventSource('events');
  events.addEventListener('progress', ({ data }) => {
    const { text, completed, total } = JSON.parse(data);
    line.textContent = text;
    bar.max = Math.max(total, 1);
    bar.value = completed;
  });
  events.addEventListener('changed', ({ data }) => refreshTo(JSON.parse(data).state));
  events.addEventListener('end', async () => {
    await refreshTo(Number.POSITIVE_INFINITY);
    events.close();
    bar.remove();
    line.textContent = 'The run has ended. This is what it came to; the page will not change any more.';
  });
  events.addEventListener('error', () => {
    line.textContent = 'The run does not answer; asking again.';
  });
}

root.classList.add('live-script');
addEventListener('hashchange', goToGenome);
enliven();
goToGenome();
if (root.dataset.live !== undefined) follow();
