// The legend of the bars: a button for each colour that switches it off and on.

export const nothing = '(none)';  // the name of what has no value

export const labelOf = name => (name === null ? nothing : name === '' ? '(empty)' : name);

const end = 6;  // characters of a long name that are always seen: names often differ at their ends

/** Puts a name into an element so that where room is short its middle goes. */
export function name(element, text) {
  if (element.textContent === text) return;
  const letters = Array.from(text), long = letters.length > 2 * end;
  const part = (className, from, to) => Object.assign(document.createElement('span'), {className, textContent: letters.slice(from, to).join('')});
  element.classList.toggle('long', long);
  element.replaceChildren(...(long ? [part('head', 0, -end), part('tail', -end)] : [text]));
}

export function swatch(colour) {
  const made = document.createElement('i');
  made.className = `swatch ${colour}`;
  return made;
}

export class Legend {
  #root;
  #changed;
  #buttons = [];  // one for each colour, and the last for what is left

  /** changed(): one was switched. */
  constructor(root, colours, changed) {
    this.#root = root;
    this.#changed = changed;
    for (let at = 0; at <= colours; ++at) this.#buttons.push(this.#make(at < colours ? `c${at}` : 'other'));
  }

  #make(colour) {
    const button = document.createElement('button');
    const text = Object.assign(document.createElement('span'), {className: 'name'});
    button.type = 'button';
    button.hidden = true;
    button.setAttribute('aria-pressed', 'true');
    button.append(swatch(colour), text);
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(!this.#on(button)));
      this.#changed();
    });
    this.#root.append(button);
    return button;
  }

  #on(button) {
    return button.getAttribute('aria-pressed') === 'true';
  }

  shows(at) {
    return this.#on(this.#buttons[at]);
  }

  /** names: for each colour {name}, or null where nobody has it; others: how many values have none. */
  update(names, others) {
    const last = this.#buttons.length - 1;
    this.#buttons.forEach((button, at) => {
      const text = at === last ? (others > 0 ? 'other' : null) : names[at] && labelOf(names[at].name);
      // Somebody else's colour was not switched off by anybody.
      if (button.lastChild.textContent !== text && at !== last) button.setAttribute('aria-pressed', 'true');
      button.hidden = text === null;
      if (text === null) return;
      name(button.lastChild, text);
      button.title = `Hide or show ${text}`;
    });
  }

  clear() {
    for (const button of this.#buttons) button.setAttribute('aria-pressed', 'true');
  }
}
