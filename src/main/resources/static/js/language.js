/**
 * Chooses the language of the page: the browser's first language that has texts here, or English.
 */

const KNOWN = ['en', 'de', 'fr', 'zh'];
const WANTED = (navigator.languages ?? [])
  .map((tag) => tag.toLowerCase().split('-')[0])
  .find((language) => KNOWN.includes(language));

/** The texts of the chosen language. Empty for English, or if the texts cannot be fetched. */
export const { language, texts } = await load(WANTED ?? 'en');

async function load(wanted) {
  if (wanted !== 'en') {
    try {
      return { language: wanted, texts: (await import(`./texts-${wanted}.js`)).TEXTS };
    } catch {
      // English is loaded already
    }
  }
  return { language: 'en', texts: {} };
}
