export const byId = (id) => document.getElementById(id);

/**
 * Writes a text only if it differs. So screen readers do not repeat it, and selections are kept.
 */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/**
 * Calls `draw` once in the next frame, however often it was requested. A hidden page has no frames,
 * but its title shows the percentage, so it is drawn once a second.
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
