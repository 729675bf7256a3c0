export const byId = (id) => document.getElementById(id);

/**
 * Writes a text only if it differs from the current text. So screen readers do not repeat the text,
 * and selections are kept.
 */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * The nodes of a long name, such as a file name, which may break after signs such as "_". A browser
 * would otherwise break it in the middle of a word on a small screen.
 */
export const breakable = (name) => (name.match(/[^_/-]*[_/-]|[^_/-]+/g) ?? [''])
  .flatMap((part, at) => (at === 0 ? [part] : [make('wbr'), part]));

/** Writes a long name only if it differs from the current text. */
export function setBreakable(element, name) {
  if (element.textContent !== name) {
    element.replaceChildren(...breakable(name));
  }
}

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/**
 * Calls `draw` only one time in the next frame, even if it was requested several times. A hidden
 * page has no frames, but its title shows the percentage. So a hidden page is drawn one time a
 * second.
 */
export function atFramePace(draw) {
  let asked = false;
  return () => {
    if (asked) {
      return;
    }
    asked = true;
    const now = () => {
      asked = false;
      draw();
    };
    if (document.hidden) {
      setTimeout(now, 1_000);
    } else {
      requestAnimationFrame(now);
    }
  };
}
