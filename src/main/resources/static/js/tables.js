import { count, price } from './format.js';
import { make } from './dom.js';
import { hasText, text } from './texts.js';
import { language } from './language.js';

const VALUE_LENGTH = 160;
/**
 * The maximum number of errors that are shown for one row. A live event has the same limit. A row
 * with 1,000 invalid cells would fill the table.
 */
const MOST_ERRORS = 20;

/**
 * The table rows for rejected rows. Each error gets its own row with all information.
 *
 * @param sent {Set<number>} the numbers of the rows that were repaired and sent
 */
export function rejectionRows(rejections, sent = new Set()) {
  return rejections.flatMap((rejection) => [
    ...rejection.errors.slice(0, MOST_ERRORS).map((error, at) => {
      const row = rejectionRow(rejection,
        [text('table.column'), error.column ?? text('table.whole-row'), error.column === null ? 'column aside' : 'column'],
        [text('table.reason'), reasonOf(rejection, error, sent), 'reason'],
        [text('table.value'), valueOf(error.value), 'value']);
      row.dataset.code = error.code;
      row.classList.toggle('same-row', at > 0);
      row.classList.toggle('sent', sent.has(rejection.row));
      return row;
    }),
    ...moreErrors(rejection),
  ]);
}

/**
 * Says that a row has more errors. If a row has many errors, a live event leaves out some errors
 * and does not say how many.
 */
function moreErrors(rejection) {
  const more = rejection.errors.length - MOST_ERRORS;
  if (more <= 0 && !rejection.omitted?.includes('errors')) {
    return [];
  }
  const row = rejectionRow(rejection,
    [text('table.column'), '–', 'column'],
    [text('table.reason'), more > 0
      ? text('rejections.more-errors', { count: more })
      : text('rejections.more-errors-somewhere'), 'reason aside'],
    [text('table.value'), '–', 'value']);
  row.classList.add('same-row');
  return [row];
}

function rejectionRow(rejection, ...cells) {
  const row = tableRow([
    [text('table.row'), count(rejection.row), 'number'],
    [text('table.line'), count(rejection.line), 'number'],
    ...cells,
  ]);
  row.dataset.row = rejection.row;
  return row;
}

/**
 * The table rows for products.
 *
 * @param items {{row?: number, result?: string, product: ?object}[]}
 * @param fresh the number of items at the start of the list that are new
 */
export function productRows(items, fresh = 0) {
  return items.map(({ row, result, product }, at) => {
    const line = tableRow([...productCells(product), [text('table.result'), outcome(row, result), 'result']]);
    line.classList.toggle('fresh', at < fresh);
    return line;
  });
}

/**
 * The table rows of a preview: products as they would be stored, and rows that would be rejected.
 */
export function previewRows(rows) {
  return rows.map(({ row, product, errors }) => {
    const number = [text('table.row'), count(row), 'number'];
    if (product !== null) {
      return tableRow([number, ...productCells(product)]);
    }
    const line = tableRow([number, [text('review.row-rejected'), rejectedWords(errors), 'refusal']]);
    line.lastChild.colSpan = productCells(null).length;
    line.classList.add('bad');
    return line;
  });
}

const rejectedWords = (errors) => make('ul', {},
  ...errors.map((error) => make('li', {},
    ...(error.column === null ? [] : [make('code', {}, error.column), ' ']), ...reason(error))));

/**
 * Why a row was rejected. The server's sentence also says what to do, but only in English. In other
 * languages, it stands below the cause in the language of the page.
 */
const reason = ({ code, detail }) => (language === 'en' || !hasText(`cause.${code}`)
  ? [detail]
  : [text(`cause.${code}`), ' ', make('small', { lang: 'en', textContent: detail })]);

const productCells = (product) => [
  [text('field.sku'), product?.sku ?? '–', 'sku'],
  [text('field.name'), nameOf(product), product === null ? 'aside' : 'name'],
  [text('field.price'), price(product?.price, product?.currency), 'number'],
  [text('field.quantity'), count(product?.quantity), 'number'],
  [text('field.category'), product?.category ?? '–', ''],
  [text('field.brand'), product?.brand ?? '–', ''],
  [text('table.also'), also(product), 'also'],
];

const nameOf = (product) => (product === null ? text('table.no-longer') : product.name ?? '–');

/** @param cells {[label, content, className][]} */
export function tableRow(cells) {
  const row = make('tr');
  row.setAttribute('role', 'row');
  for (const [label, content, className] of cells) {
    const cell = make('td', { className });
    cell.setAttribute('role', 'cell');
    cell.dataset.label = label;
    cell.append(content === '–' ? make('span', { className: 'aside' }, content) : content);
    row.append(cell);
  }
  return row;
}

const reasonOf = ({ row }, error, sent) => make('span', {}, ...reason(error),
  ...(sent.has(row) ? [' ', make('strong', { textContent: text('repair.sent') })] : []));

function valueOf(value) {
  if (value == null) {
    return '–';
  }
  const shown = String(value);
  if (shown.trim() === '') {
    return make('span', { className: 'aside' }, text('review.blank'));
  }
  return make('code', {}, shown.length > VALUE_LENGTH ? `${shown.slice(0, VALUE_LENGTH)}…` : shown);
}

function outcome(row, result) {
  if (result === undefined) {
    return '–';
  }
  return make('span', {}, text(`result.${result}`), make('small', {}, ` ${text('table.row-of', { row })}`));
}

/** The properties of a product that have no column in the table: GTIN, image, attributes. */
function also(product) {
  const parts = [];
  if (product?.gtin) {
    parts.push(make('span', {}, `GTIN ${product.gtin}`));
  }
  for (const [name, value] of Object.entries(product?.attributes ?? {})) {
    parts.push(make('span', {}, `${name}: ${value}`));
  }
  // The server has already checked the address. This second check also excludes schemes that run
  // code.
  if (/^https?:/i.test(product?.imageUrl ?? '')) {
    parts.push(make('a', {
      href: product.imageUrl, target: '_blank', rel: 'noopener noreferrer', textContent: text('table.image'),
    }));
  }
  if (parts.length === 0) {
    return '–';
  }
  return make('span', { className: 'bits' }, ...parts);
}
