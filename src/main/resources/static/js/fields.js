/** The fields of a product, by the names that the API gives them. */
export const FIELDS = ['sku', 'name', 'description', 'price', 'currency', 'quantity', 'category',
  'brand', 'gtin', 'image_url'];
const MOST_LIKELY = 3;
/** A number with decimal places, perhaps with a sign or code of a currency. */
const PRICE = /^(?:[^\d\s]{1,3}\s*)?\d{1,3}(?:[.,'’\s]?\d{3})*[.,]\d{1,2}(?:\s*[^\d\s]{1,3})?$/;

/**
 * The fields that no column of a preview is read as, although columns may be meant for them. The
 * service names such columns if it knows their names. Columns of prices are found by their values,
 * too.
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
