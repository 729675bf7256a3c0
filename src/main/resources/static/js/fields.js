/** The fields of a product, by their names in the API. */
export const FIELDS = ['sku', 'name', 'description', 'price', 'currency', 'quantity', 'category',
  'brand', 'gtin', 'image_url'];
const MOST_LIKELY = 3;
/** Matches a number with decimal places, with or without a sign or code of a currency. */
const PRICE = /^(?:[^\d\s]{1,3}\s*)?\d{1,3}(?:[.,'’\s]?\d{3})*[.,]\d{1,2}(?:\s*[^\d\s]{1,3})?$/;

/**
 * The fields as which no column of a preview is read, although columns may be meant for these
 * fields. The service names such columns if it knows their names. This function also finds price
 * columns by their values.
 *
 * @returns {{name: string, likely: {column: number, header: string}[]}[]}
 */
export function unreadFields({ columns, notices }) {
  const free = columns.filter(({ header, field }) => header !== '' && field === null);
  return FIELDS
    .filter((name) => columns.every(({ field }) => field !== name))
    .map((name) => {
      const named = notices
        .find((notice) => notice.code === 'field-unread' && notice.column === name)?.detail ?? '';
      const likely = free.filter(({ header, samples }) =>
        named.includes(`“${header}”`) || (name === 'price' && arePrices(samples)));
      return { name, likely: likely.slice(0, MOST_LIKELY) };
    })
    .filter(({ likely }) => likely.length > 0);
}

const arePrices = (samples) =>
  samples.filter((sample) => PRICE.test(sample.trim())).length > samples.length / 2;
