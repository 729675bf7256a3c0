/** The language of the page: the first one of the browser that it has texts for, or English. */

const KNOWN = ['en', 'de', 'fr', 'zh'];
const WANTED = (navigator.languages ?? [])
  .map((tag) => tag.toLowerCase().split('-')[0])
  .find((language) => KNOWN.includes(language));

/** The texts of another language, or none for English and where they cannot be fetched. */
export const { language, texts } = await load(WANTED ?? 'en');

async function load(wanted) {
  if (wanted !== 'en') {
    try {
      return { language: wanted, texts: (await import(`./texts-${wanted}.js`)).TEXTS };
    } catch {
      // English is here already
    }
  }
  return { language: 'en', texts: {} };
}
