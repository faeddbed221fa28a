// What the bars count by and over how many minutes: the box, the buttons, and the page's address, which
// keeps both for a reload or a colleague.

const usual = 5;  // minutes

/** Lets `breakdown` count by what the address and the controls say. */
export function pickFor(breakdown) {
  const box = document.getElementById('by');
  const suggested = document.getElementById('members').options;
  const buttons = [...document.querySelectorAll('[data-minutes]')];
  const asked = new URLSearchParams(location.search);
  const written = () => box.value.trim() || 'topic';

  function countBy(path) {
    breakdown.by(path);
    box.value = path === 'topic' ? '' : path;
    remember('by', box.value);
  }

  function countOver(minutes) {
    breakdown.over(minutes);
    for (const button of buttons) button.setAttribute('aria-pressed', String(Number(button.dataset.minutes) === minutes));
    remember('minutes', minutes === usual ? '' : minutes);
  }

  box.addEventListener('change', () => written() !== breakdown.path && countBy(written()));
  // A suggestion counts at once; who types has not finished.
  box.addEventListener('input', event => event.inputType !== 'insertText' && written() !== breakdown.path
    && [...suggested].some(option => option.value === box.value) && countBy(written()));
  for (const button of buttons) button.addEventListener('click', () => countOver(Number(button.dataset.minutes)));

  countOver(Number(buttons.find(button => button.dataset.minutes === asked.get('minutes'))?.dataset.minutes ?? usual));
  countBy(asked.get('by')?.trim() || 'topic');
}

function remember(name, value) {
  const url = new URL(location);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  if (url.href !== location.href) history.replaceState(null, '', url);
}
