/**
 * Chooses the language of the page. It is the first language of the browser for which the page has
 * texts, or English.
 */

const KNOWN = ['en', 'de', 'fr', 'zh'];
const WANTED = (navigator.languages ?? [])
  .map((tag) => tag.toLowerCase().split('-')[0])
  .find((language) => KNOWN.includes(language));

/**
 * The texts of the chosen language. This object is empty for English, or if the texts cannot be
 * fetched.
 */
export const { language, texts } = await load(WANTED ?? 'en');

async function load(wanted) {
  if (wanted !== 'en') {
    try {
      return { language: wanted, texts: (await import(`./texts-${wanted}.js`)).TEXTS };
    } catch {
      // The English texts are already loaded.
    }
  }
  return { language: 'en', texts: {} };
}
