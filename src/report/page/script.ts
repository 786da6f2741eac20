/**
 * What the page does where scripts run: the slider shows one generation at a time. Everything is on the page without it.
 */
export const PAGE_SCRIPT = `
const slider = document.getElementById('generation');
if (slider) {
  const shown = document.getElementById('generation-value');
  const timelines = [...document.querySelectorAll('.timeline')];
  const show = () => {
    const wanted = Number(slider.value);
    shown.textContent = slider.value;
    for (const timeline of timelines) {
      const figures = [...timeline.querySelectorAll('figure[data-generation]')];
      const reached = figures.filter((figure) => Number(figure.dataset.generation) <= wanted);
      const current = reached.at(-1) ?? figures[0];
      for (const figure of figures) figure.classList.toggle('current', figure === current);
    }
  };
  slider.addEventListener('input', show);
  slider.closest('.slider').hidden = false;
  document.documentElement.classList.add('scripted');
  show();
}
`;
