import { ENGLISH } from './texts-en.js';

/**
 * The texts of the page, by code. A text may hold values as {name}. Where it depends on a number,
 * it has a form for each plural category, chosen by the value `count`.
 */

const PLURALS = new Intl.PluralRules('en');
const NUMBERS = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const hasText = (code) => code in ENGLISH;

export function text(code, values = {}) {
  const found = ENGLISH[code];
  const form = typeof found === 'string' ? found : found[PLURALS.select(values.count)] ?? found.other;
  return form.replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === 'number' ? NUMBERS.format(values[name]) : values[name]);
}
