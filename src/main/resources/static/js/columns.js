import { make } from './dom.js';
import { FIELDS } from './fields.js';
import { localNumber } from './format.js';
import { noticeWords } from './notices.js';
import { tableRow } from './tables.js';
import { text } from './texts.js';

/**
 * Draws the table in which the user sees and chooses the field as which each column of a file is
 * read.
 */

const LEFT_OUT = '-';
const ATTRIBUTE = '';
/**
 * The notices that are not shown, because the select element of the column shows the same
 * information.
 */
const SILENT = new Set(['column-unknown']);
/**
 * The code of the notice about number formats. This notice is not shown, because the numbers beside
 * the column explain it better.
 */
const OF_NUMBERS = 'number-format';

export function columnRows(columns, notices, review) {
  return columns.map((column) => {
    const own = notices.filter((notice) => notice.column === column.header
      && !SILENT.has(notice.code) && !(notice.code === OF_NUMBERS && column.numberFormat));
    const row = tableRow([
      [text('table.column'), make('code', { textContent: column.header || text('review.column-number', column) }), 'header'],
      [text('columns.values'), samples(column), 'samples'],
      [text('columns.read-as'), use(column, own, review), 'use'],
    ]);
    row.classList.toggle('attribute', column.field === null);
    row.classList.toggle('left-out', column.field === LEFT_OUT);
    return row;
  });
}

function samples({ samples: values }) {
  if (values.length === 0) {
    return make('span', { className: 'aside', textContent: text('review.no-samples') });
  }
  return make('ul', { className: 'bits' }, ...values.map((value) => make('li', {},
    value.trim() === ''
      ? make('span', { className: 'aside', textContent: text('review.blank') })
      : make('code', { textContent: value }))));
}

function use(column, notices, review) {
  return make('div', {},
    select(column, review),
    ...numbers(column, review),
    ...notices.map((notice) => make('small', {
      textContent: noticeWords(notice, review.preview),
    })));
}

function select({ column, header, field }, review) {
  const options = [
    ...FIELDS.map((name) => make('option', { value: name, textContent: text(`field.${name}`) })),
    make('option', { value: ATTRIBUTE, textContent: text('review.attribute') }),
    make('option', { value: LEFT_OUT, textContent: text('review.leave-out') }),
  ];
  const control = make('select', {
    onchange: ({ target }) => review.map(column, target.value === ATTRIBUTE ? null : target.value),
  }, ...options);
  control.value = field ?? ATTRIBUTE;
  control.dataset.column = column;
  control.setAttribute('aria-label', text('review.select', { header: header || column }));
  return control;
}

/**
 * Shows how the numbers of the column are read. If all numbers can be read in two ways, asks the
 * user.
 */
function numbers({ numberFormat }, review) {
  if (numberFormat === undefined) {
    return [];
  }
  const { decimal, cell, point, comma, currency } = numberFormat;
  if (decimal === 'undecided') {
    const choice = (value, name) => make('button', {
      type: 'button',
      className: 'quiet small',
      textContent: text('review.undecided.choice', { value: localNumber(value) }),
      onclick: () => review.set({ decimal: name }),
    });
    return [make('div', { className: 'question' },
      make('span', { textContent: text('review.undecided', { cell }) }),
      choice(point, 'point'),
      choice(comma, 'comma'))];
  }
  const shown = decimal === 'unknown' ? [] : [text(`review.numbers.${decimal}`)];
  if (currency !== undefined) {
    shown.push(text('review.numbers.currency', { currency }));
  }
  return shown.map((textContent) => make('small', { textContent }));
}
