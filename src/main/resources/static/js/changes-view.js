import { FALLING, RISING, ofField } from './changes.js';
import { byId, make, setText } from './dom.js';
import { tableRow } from './tables.js';
import { count, plainNumber, price, signedPercent } from './format.js';
import { hasText, text } from './texts.js';

/**
 * Shows the changes that an import makes in existing products, as old → new, with a filter for each
 * field.
 */

const LONGEST = 120;

let drawn = -1;
let drawnFilters = '';

export function clearChanges() {
  drawn = -1;
  drawnFilters = '';
  byId('changes').replaceChildren();
  byId('changes-filters').replaceChildren();
  byId('changes-part').hidden = true;
}

export function drawChanges(tracking) {
  const { job, changes, ended } = tracking;
  const { summary, dryRun } = job;
  const known = summary !== undefined && Object.keys(summary.fields).length > 0;
  byId('changes-part').hidden = !known;
  if (!known) {
    return;
  }
  setText(byId('changes-title'), text(dryRun ? 'changes.would' : 'changes.did'));
  drawFilters(tracking);
  byId('changes-expired').hidden = !changes.expired;
  byId('changes-list').hidden = changes.items.length === 0 || changes.expired;
  byId('more-changes').hidden = changes.next === null || changes.expired;
  byId('download-changes').hidden = !ended || changes.expired;
  if (drawn !== changes.version) {
    drawn = changes.version;
    byId('changes').replaceChildren(...changes.items.map(changeRow));
    setText(byId('changes-shown'), text('changes.shown', { count: changes.items.length }));
  }
}

/**
 * Draws one filter button for each field that changes, and for prices that change by more than 30
 * percent.
 */
function drawFilters(tracking) {
  const { changes, ended, job: { summary, counts } } = tracking;
  const key = JSON.stringify([summary, counts.updated, changes.filter, ended]);
  if (key === drawnFilters) {
    return;
  }
  drawnFilters = key;
  const filters = [
    ['', text('changes.all'), counts.updated],
    [FALLING, text('changes.falling'), summary.pricesFalling],
    [RISING, text('changes.rising'), summary.pricesRising],
    ...Object.entries(summary.fields).map(([field, rows]) => [ofField(field), nameOf(field), rows]),
  ].filter(([, , rows]) => rows > 0);
  const focused = document.activeElement?.dataset.filter;
  byId('changes-filters').replaceChildren(...filters.map(([filter, name, rows]) => {
    const button = make('button', {
      type: 'button',
      className: 'quiet small',
      disabled: !ended,
      onclick: () => tracking.filterChanges(filter),
    }, `${name} `, make('strong', { textContent: count(rows) }));
    button.dataset.filter = filter;
    button.classList.toggle('warn', filter === FALLING || filter === RISING);
    button.setAttribute('aria-pressed', filter === changes.filter);
    return button;
  }));
  if (focused !== undefined) {
    byId('changes-filters').querySelector(`[data-filter="${CSS.escape(focused)}"]`)?.focus();
  }
}

function changeRow({ row, sku, changes }) {
  return tableRow([
    [text('table.row'), count(row), 'number'],
    [text('field.sku'), sku, 'sku'],
    [text('changes.label'), oldAndNew(changes), 'changes'],
  ]);
}

/**
 * The changes of one product, as old → new. A price has a currency only if the currency changes,
 * too. The currency that a product has now is not always the one that it had during the import.
 */
export function oldAndNew(changes) {
  const { old: before, new: after } = changes.find(({ field }) => field === 'currency')
    ?? { old: null, new: null };
  return make('ul', { className: 'old-new' },
    ...changes.map((change) => changeItem(change, { before, after })));
}

function changeItem({ field, attribute, old: before, new: after }, currency) {
  const isPrice = field === 'price';
  return make('li', {},
    make('span', { className: 'field-name', textContent: attribute ?? nameOf(field) }), ' ',
    value(before, 'del', isPrice ? (amount) => price(amount, currency.before) : plainValue),
    make('span', { className: 'arrow', textContent: ' → ' }),
    value(after, 'ins', isPrice ? (amount) => price(amount, currency.after) : plainValue),
    ...(isPrice ? difference(before, after) : []));
}

function value(content, tag, words) {
  if (content === null) {
    return make('span', { className: 'aside', textContent: text('changes.nothing') });
  }
  const plain = words(content);
  const shown = plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
  return make(tag, { textContent: shown });
}

function plainValue(content) {
  if (typeof content === 'number') {
    return plainNumber(content);
  }
  return typeof content === 'object' ? JSON.stringify(content) : String(content);
}

function difference(before, after) {
  if (!(before > 0) || after === null) {
    return [];
  }
  const ratio = after / before - 1;
  return [' ', make('small', {
    className: Math.abs(ratio) > 0.3 ? 'much' : '',
    textContent: signedPercent(ratio),
  })];
}

const nameOf = (field) => {
  const code = `field.${field === 'imageUrl' ? 'image_url' : field}`;
  return hasText(code) ? text(code) : field;
};
