export const byId = (id) => document.getElementById(id);

/** Writes only what changed, so that live regions stay quiet and selections stay put. */
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
 * Calls `draw` once for any number of requests, with the next frame. A hidden page has no frames,
 * but its title shows the percentage. So it is drawn once a second there.
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
