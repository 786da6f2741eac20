// Keeps a page that is served during its run up to date. It follows `script.js`, in the same scope.

/** Makes a selector that finds the element in the next state of the page. @param {Element | null} element */
function selectorOf(element) {
  if (element?.id) return `#${CSS.escape(element.id)}`;
  const link = element?.getAttribute('href');
  return link ? `[href="${CSS.escape(link)}"]` : undefined;
}

/** Replaces the content below `status` by the current state, and keeps scroll position and focus. @param {Element} status */
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
  if (slider !== null && value !== undefined && value !== max) slider.value = value; // at the last one it follows the run
  activate();
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
  line.textContent = 'Waiting for the run.';
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
    line.textContent = 'The run has ended. This is its result; the page no longer changes.';
  });
  events.addEventListener('error', () => {
    line.textContent = 'The run does not answer; trying again.';
  });
}

if (root.dataset.live !== undefined) follow();
