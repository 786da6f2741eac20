// What the page does in a browser: a click on the front shows that genome, a slider shows one generation, and a page
// that is served while its run goes on follows it. From a file it asks for nothing; without it everything shows at once.

const PLAY_MILLISECONDS = 700;
const root = document.documentElement;

/** @type {string | undefined} */
let chosenId;
/** @type {number | undefined} */
let playing;

/** @returns {HTMLInputElement | null} */
const slider = () => document.querySelector('input#generation');

/** Shows the genome that the address names; without one the last that was shown, else the first. */
function showGenome() {
  const sections = [...document.querySelectorAll('section[id^="genome-"]')];
  const asked = location.hash.slice(1);
  const chosen =
    sections.find(({ id }) => id === asked) ?? sections.find(({ id }) => id === chosenId) ?? sections[0];
  chosenId = chosen?.id;
  for (const section of sections) section.toggleAttribute('hidden', section !== chosen);
  for (const link of document.querySelectorAll('a[data-genome]')) {
    if (`genome-${link.getAttribute('data-genome')}` === chosenId) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  return chosen?.id === asked ? chosen : undefined;
}

/** As above, and goes there: it was hidden when the browser looked for it. */
function goToGenome() {
  const section = showGenome();
  if (!(section instanceof HTMLElement)) return;
  section.tabIndex = -1;
  section.focus({ preventScroll: true });
  section.scrollIntoView({ block: 'nearest' });
}

/** Shows of each run the figure of the generation that the slider is at, or the last one before it that has a figure. */
function showGeneration() {
  const input = slider();
  if (input === null) return;
  const output = document.querySelector('output[for="generation"]');
  if (output !== null) output.textContent = input.value;
  for (const timeline of document.querySelectorAll('.timeline')) {
    const figures = [...timeline.querySelectorAll('figure[data-generation]')];
    const reached = figures.filter(
      (one) => Number(one.getAttribute('data-generation')) <= Number(input.value),
    );
    const current = reached.at(-1) ?? figures[0];
    for (const figure of figures) figure.toggleAttribute('hidden', figure !== current);
  }
}

function stopPlaying() {
  clearInterval(playing);
  playing = undefined;
  const button = document.getElementById('play');
  if (button !== null) button.textContent = 'Play';
}

/** From the first generation, or from where the slider is, to the last. */
function startPlaying() {
  const input = slider();
  if (input === null) return;
  if (input.value === input.max) input.value = input.min;
  showGeneration();
  playing = setInterval(() => {
    slider()?.stepUp();
    showGeneration();
    if (slider()?.value === slider()?.max) stopPlaying();
  }, PLAY_MILLISECONDS);
  const button = document.getElementById('play');
  if (button !== null) button.textContent = 'Pause';
}

/** Makes what is in `main` answer to the user. */
function enliven() {
  const input = slider();
  if (input !== null) {
    const button = document.createElement('button');
    button.id = 'play';
    button.type = 'button';
    button.textContent = playing === undefined ? 'Play' : 'Pause';
    button.addEventListener('click', () => (playing === undefined ? startPlaying() : stopPlaying()));
    input.after(button);
    input.addEventListener('input', () => {
      stopPlaying();
      showGeneration();
    });
  }
  showGeneration();
  showGenome();
}

/** Puts the content of the page as it is now in place of what is shown, and leaves the reader where they are. */
async function refresh() {
  const response = await fetch(location.pathname);
  if (!response.ok) throw new Error(await response.text());
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  const [before, after] = [document.querySelector('main'), next.querySelector('main')];
  if (before === null || after === null) return;
  const { value, max } = slider() ?? {};
  const focused = document.activeElement;
  const genome = focused?.getAttribute('data-genome');
  const open = [...before.querySelectorAll('details')].map((details) => details.open);
  const [left, top] = [scrollX, scrollY];
  before.replaceWith(after);
  document.title = next.title;
  root.dataset.live = next.documentElement.dataset.live;
  for (const [index, details] of after.querySelectorAll('details').entries())
    details.open = open[index] ?? details.open;
  const input = slider();
  if (input !== null && value !== undefined && value !== max) input.value = value; // at the last one it follows
  enliven();
  scrollTo({ left, top, behavior: 'instant' });
  const again = genome
    ? after.querySelector(`a[data-genome="${genome}"]`)
    : focused?.id && document.getElementById(focused.id);
  if (again instanceof HTMLElement || again instanceof SVGElement) again.focus({ preventScroll: true });
}

/** Follows the run that serves this page. */
function follow() {
  const line = document.createElement('p');
  const bar = document.createElement('progress');
  const place = document.createElement('aside');
  place.className = 'live';
  place.setAttribute('aria-label', 'The run');
  bar.setAttribute('aria-label', 'Networks trained');
  line.textContent = 'The run goes on.';
  place.append(line, bar);
  document.body.prepend(place);
  let queue = Promise.resolve();
  /** @param {number} state */
  const refreshTo = (state) => {
    queue = queue
      .then(() => (state > Number(root.dataset.live) ? refresh() : undefined))
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
