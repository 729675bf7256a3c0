import { byId, make, setText } from './dom.js';
import { count } from './format.js';
import { tableRow } from './tables.js';
import { text } from './texts.js';

/**
 * Shows the form in which the user corrects rejected rows. The user can correct one value in many
 * rows, or single cells.
 */

const ROWS_AT_A_TIME = 50;
const MOST_VALUES = 12;

let repair = null;
let limit = ROWS_AT_A_TIME;
let keep = () => {};

/**
 * @param send called with a repair when the user wants to send the changed rows of the repair
 * @param kept called with a repair after each change of the repair, and after the user has closed
 *     the repair
 * @param again called with a repair if the user wants to see the rows that were sent before
 */
export function prepareRepair(send, kept, again) {
  keep = kept;
  byId('repair-all').addEventListener('click', () => {
    repair.replace(byId('repair-value').value);
    keep(repair);
    draw();
  });
  byId('repair-value').addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      byId('repair-all').click();
    }
  });
  byId('repair-send').addEventListener('click', () => {
    if (repair.changed.length > 0) {
      send(repair);
    }
  });
  byId('repair-again').addEventListener('click', () => again(repair));
  byId('repair-close').addEventListener('click', () => {
    repair.close();
    keep(repair);
    closeRepair();
    byId('causes-title').focus();
  });
  byId('more-repair').addEventListener('click', () => {
    limit += ROWS_AT_A_TIME;
    draw();
  });
}

/** @param sentTo the ID of the job to which rows of this repair were sent before, or null */
export function openRepair(opened, sentTo) {
  repair = opened;
  limit = ROWS_AT_A_TIME;
  byId('repair-value').value = '';
  byId('repair-part').hidden = false;
  setText(byId('repair-title'), text(repair.column < 0 ? 'repair.title-rows' : 'repair.title', {
    column: repair.headers[repair.column],
    count: repair.rows.length,
  }));
  byId('repair-one').hidden = repair.column < 0 || repair.rows.length === 0;
  byId('repair-truncated').hidden = !repair.truncated;
  setText(byId('repair-truncated'), text('repair.truncated', { count: repair.rows.length }));
  byId('repair-sent').hidden = repair.left === 0;
  setText(byId('repair-sent-text'), text('repair.sent-before', { count: repair.left }));
  byId('repair-sent-job').href = `/?job=${encodeURIComponent(sentTo ?? '')}`;
  keep(repair);
  draw();
  byId('repair-title').focus();
}

export function closeRepair() {
  repair = null;
  byId('repair-part').hidden = true;
  byId('repair-rows').replaceChildren();
  byId('repair-values').replaceChildren();
}

function draw() {
  const values = repair.column < 0 ? [] : repair.values;
  byId('repair-values').hidden = values.length < 2 || values.length > MOST_VALUES;
  byId('repair-values').replaceChildren(
    ...(byId('repair-values').hidden ? [] : values.map(([value, rows]) => valueLine(value, rows))));
  byId('repair-rows').replaceChildren(...repair.rows.slice(0, limit).map(line));
  byId('more-repair').hidden = repair.rows.length <= limit;
  drawCount();
}

function drawCount() {
  const { length } = repair.changed;
  byId('repair-send').setAttribute('aria-disabled', length === 0);
  setText(byId('repair-send'), length === 0
    ? text('repair.send-none')
    : text('repair.send', { count: length }));
}

/** One line with a value that several rows have, and an input for the new value. */
function valueLine(value, rows) {
  const shown = value.trim() === '' ? text('review.blank') : value;
  const replacement = make('input', {
    type: 'text',
    value,
    ariaLabel: text('repair.replace', { value: shown }),
    onchange: ({ target }) => {
      repair.replace(target.value, value);
      keep(repair);
      draw();
    },
  });
  return make('li', {}, make('code', { textContent: shown }), make('small', {
    textContent: text('repair.rows', { count: rows }),
  }), replacement);
}

function line(row) {
  const { column, headers } = repair;
  const cells = [[text('table.row'), count(row.row), 'number']];
  if (column >= 0) {
    cells.push([headers[column], input(row, column), 'cell']);
  }
  cells.push(
    [text('table.reason'), make('span', { textContent: row.error }), 'reason'],
    [text('repair.all-cells'), allCells(row), 'all-cells']);
  const drawn = tableRow(cells);
  drawn.classList.toggle('changed', row.changed);
  return drawn;
}

/**
 * Draws all cells of a row only when the user opens the row, because a file can have a hundred
 * columns.
 */
function allCells(row) {
  const body = make('div', { className: 'cells' });
  const summary = make('summary', { textContent: row.cells.filter((cell) => cell !== '').join(' · ') });
  return make('details', {
    ontoggle: ({ target }) => {
      if (target.open && body.childElementCount === 0) {
        body.append(...repair.headers.map((header, column) =>
          make('label', {}, make('span', { textContent: header }), input(row, column))));
      }
    },
  }, summary, body);
}

function input(row, column) {
  return make('input', {
    type: 'text',
    value: row.cells[column] ?? '',
    ariaLabel: text('repair.cell', { header: repair.headers[column], row: row.row }),
    onchange: ({ target }) => {
      repair.edit(row, column, target.value);
      keep(repair);
      target.closest('tr').classList.toggle('changed', row.changed);
      drawCount();
    },
  });
}
