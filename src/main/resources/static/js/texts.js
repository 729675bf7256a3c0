import { ENGLISH } from './texts-en.js';
import { PAGE } from './texts-page.js';
import { language, texts } from './language.js';

/**
 * The texts of the page, by code. A text may contain values as {name}. If a text depends on a
 * number, the text has one form for each plural category. The value `count` selects the form.
 */
const TEXTS = { ...PAGE, ...ENGLISH, ...texts };
const PLURALS = new Intl.PluralRules(language);
/**
 * The space between a number and the word after it, which must not be on two lines. In French, also
 * the space beside signs such as a colon.
 */
const NO_BREAK = '\u00a0';
const NUMBERS = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });

export const hasText = (code) => code in TEXTS;

/** The text of a code within a group, or `otherwise` if there is no such text. */
export const textOr = (group, code, otherwise = code, values = {}) =>
  (hasText(`${group}.${code}`) ? text(`${group}.${code}`, values) : otherwise);

export function text(code, values = {}) {
  const found = TEXTS[code];
  const form = typeof found === 'string' ? found : found[PLURALS.select(values.count)] ?? found.other;
  return form.replace(/ (?=[:;!?»])/g, NO_BREAK).replace(/« /g, `«${NO_BREAK}`).replace(/\{(\w+)\}( ?)/g, (_, name, space) =>
    (typeof values[name] === 'number'
      ? NUMBERS.format(values[name]) + (space && NO_BREAK)
      : values[name] + space));
}

/** Translates the English texts of index.html into the language of the page. */
export function translatePage() {
  document.documentElement.lang = language;
  if (language === 'en') {
    return;
  }
  const codes = new Map([...Object.entries(ENGLISH), ...Object.entries(PAGE)]
    .map(([code, english]) => [english, code]));
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    // An element names its text if the same English words have several translations.
    const code = node.parentElement.dataset.text ?? codes.get(plain(node.data));
    if (code !== undefined) {
      node.data = node.data.replace(/\S[^]*\S|\S/, () => text(code, { count: 1 }));
    }
  }
  for (const name of ['placeholder', 'aria-label']) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const code = codes.get(element.getAttribute(name));
      if (code !== undefined) {
        element.setAttribute(name, text(code));
      }
    }
  }
}

const plain = (words) => words.replace(/\s+/g, ' ').trim();
