import { count, price } from './format.js';
import { make } from './dom.js';

const VALUE_LENGTH = 160;

/** Rows for the table of rejected rows: one for each error, so that every line stands by itself. */
export function rejectionRows(rejections) {
  return rejections.flatMap((rejection) => rejection.errors.map((error, at) => {
    const row = tableRow([
      ['Row', count(rejection.row), 'number'],
      ['Line', count(rejection.line), 'number'],
      ['Column', error.column ?? 'whole row', error.column === null ? 'column aside' : 'column'],
      ['Reason', error.detail, 'reason'],
      ['Value', valueOf(error.value), 'value'],
    ]);
    row.dataset.row = rejection.row;
    row.dataset.code = error.code;
    row.classList.toggle('same-row', at > 0);
    return row;
  }));
}

/**
 * Rows for the table of products.
 *
 * @param items {{row?: number, result?: string, product: ?object}[]}
 * @param fresh how many of the first ones have just come
 */
export function productRows(items, fresh = 0) {
  return items.map(({ row, result, product }, at) => {
    const line = tableRow([...productCells(product), ['Result', outcome(row, result), 'result']]);
    line.classList.toggle('fresh', at < fresh);
    return line;
  });
}

/** Rows of a preview: products as they would be stored, and rows that would be rejected. */
export function previewRows(rows) {
  return rows.map(({ row, product, errors }) => {
    const number = ['Row', count(row), 'number'];
    if (product !== null) {
      return tableRow([number, ...productCells(product)]);
    }
    const line = tableRow([number, ['Rejected', rejectedWords(errors), 'refusal']]);
    line.lastChild.colSpan = productCells(null).length;
    line.classList.add('bad');
    return line;
  });
}

const rejectedWords = (errors) => make('ul', {},
  ...errors.map(({ column, detail }) => make('li', {},
    ...(column === null ? [] : [make('code', {}, column), ' ']), detail)));

const productCells = (product) => [
  ['SKU', product?.sku ?? '–', 'sku'],
  ['Name', nameOf(product), product === null ? 'aside' : 'name'],
  ['Price', price(product?.price, product?.currency), 'number'],
  ['Quantity', count(product?.quantity), 'number'],
  ['Category', product?.category ?? '–', ''],
  ['Brand', product?.brand ?? '–', ''],
  ['Also', also(product), 'also'],
];

const nameOf = (product) => (product === null ? 'no longer stored' : product.name ?? '–');

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

function valueOf(value) {
  if (value == null) {
    return '–';
  }
  const text = String(value);
  if (text.trim() === '') {
    return make('span', { className: 'aside' }, 'blank');
  }
  return make('code', {}, text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text);
}

function outcome(row, result) {
  if (result === undefined) {
    return '–';
  }
  return make('span', {}, result, make('small', {}, ` row ${count(row)}`));
}

/** What has no column of its own: GTIN, image, attributes. */
function also(product) {
  const parts = [];
  if (product?.gtin) {
    parts.push(make('span', {}, `GTIN ${product.gtin}`));
  }
  for (const [name, value] of Object.entries(product?.attributes ?? {})) {
    parts.push(make('span', {}, `${name}: ${value}`));
  }
  // The address was checked when the row came in; a scheme that runs is kept out here as well.
  if (/^https?:/i.test(product?.imageUrl ?? '')) {
    parts.push(make('a', {
      href: product.imageUrl, target: '_blank', rel: 'noopener noreferrer', textContent: 'Image',
    }));
  }
  if (parts.length === 0) {
    return '–';
  }
  return make('span', { className: 'bits' }, ...parts);
}
