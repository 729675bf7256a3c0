import { byId, make, setBreakable, setText } from './dom.js';
import { columnRows } from './columns.js';
import { noticeContent } from './notices.js';
import { unreadFields } from './fields.js';
import { hasText, text, textOr } from './texts.js';
import { previewRows } from './tables.js';
import { size } from './format.js';

/**
 * Shows how a stored file would be read. Shows the settings, the columns, the first rows and the
 * notices of the file.
 */

/** The number of rows of the table of columns that are drawn before the user requests all rows. */
const FIRST_COLUMNS = 100;
/** The settings of the form, by the ID of their input element. */
const CONTROLS = {
  'review-charset': 'charset',
  'review-delimiter': 'delimiter',
  'review-decimal': 'decimal',
  'review-header-line': 'headerLine',
  'review-sheet': 'sheet',
  'review-mode': 'mode',
  'review-on-error': 'onError',
  'review-max-errors': 'maxErrors',
  'review-blank': 'blank',
  'review-bad-cell': 'badCell',
};

let drawn = null;
let allColumns = false;

/**
 * @param current a function that returns the review that is shown
 */
export function prepareReview(current) {
  for (const [id, name] of Object.entries(CONTROLS)) {
    byId(id).addEventListener('change', ({ target }) => {
      if (target.reportValidity()) {
        current().set({ [name]: valueOf(target) });
      }
    });
  }
  byId('more-columns').addEventListener('click', () => {
    allColumns = true;
    drawColumns(current());
    byId('review-columns').children[FIRST_COLUMNS].querySelector('select').focus();
  });
  byId('review').addEventListener('submit', (event) => event.preventDefault());
}

const valueOf = ({ value, type }) => {
  const plain = value.trim();
  return plain === '' ? null : type === 'number' ? Number(plain) : plain;
};

export function clearReview() {
  drawn = null;
  allColumns = false;
  for (const id of ['review-columns', 'review-rows', 'review-notices', 'review-unread']) {
    byId(id).replaceChildren();
  }
  byId('review-body').hidden = true;
}

export function drawReview(review) {
  const { preview, waiting } = review;
  byId('review-body').hidden = preview === null;
  byId('review').setAttribute('aria-busy', waiting > 0);
  if (preview === null) {
    return;
  }
  for (const id of ['review-import', 'review-check']) {
    byId(id).setAttribute('aria-disabled', waiting > 0 || preview.problem !== null);
  }
  if (preview === drawn) {
    return;
  }
  drawn = preview;
  setBreakable(byId('review-from'), `${preview.fileName}, ${size(preview.bytes)}`);
  setText(byId('review-format'), preview.charset === null || preview.delimiter === null
    ? text('review.unread')
    : text('review.read-as', {
      format: textOr('review.format', preview.format),
      charset: preview.charset,
      delimiter: textOr('delimiter', preview.delimiter),
    }));
  drawButtons(preview.jobs);
  drawControls(preview);
  drawUnread(review);
  drawNotices(preview);
  drawColumns(review);
  drawRows(preview);
  byId('review-profile-offer').hidden = preview.profile === null || 'profile' in preview.settings;
  if (preview.profile !== null) {
    setText(byId('review-profile-offer-text'), text('review.profile-offer', { name: preview.profile }));
  }
}

/**
 * Draws the buttons. The check comes before the import. After a check, the import is the next step.
 */
function drawButtons(jobs) {
  const checked = jobs.dryRun !== null;
  const imported = jobs.import !== null;
  setText(byId('review-check'), text(checked ? 'review.show-check' : 'review.check'));
  setText(byId('review-import'), text(imported
    ? 'review.show-import'
    : checked ? 'review.import' : 'review.import-unchecked'));
  byId('review-check').classList.toggle('primary', !checked && !imported);
  byId('review-import').classList.toggle('primary', checked || imported);
}

/**
 * Describes a problem in words that refer to the form. The server's own words refer to query
 * parameters.
 */
export function problemInReview(problem) {
  const errors = (problem.errors ?? []).map((error) => {
    const code = `asked.${error.code}`;
    if (error.repeated) {
      const { header, value, rows } = error.repeated;
      const detail = text('asked.repeated-sku', { header, value, rows: rows.join(', ') });
      return { ...error, found: null, detail };
    }
    return hasText(code) ? { ...error, found: null, value: null, detail: text(code, error) } : error;
  });
  return errors.length > 0 && errors.every(({ code }) => hasText(`asked.${code}`))
    ? { ...problem, detail: '', errors }
    : { ...problem, errors };
}

function drawControls({ settings, charset, delimiter, headerLine, sheet }) {
  byId('review-sheet-field').hidden = sheet === undefined;
  const found = {
    charset,
    delimiter: delimiter === null ? null : textOr('delimiter', delimiter),
  };
  for (const [id, name] of Object.entries(CONTROLS)) {
    const control = byId(id);
    const wish = settings[name] ?? '';
    if (control.tagName === 'SELECT') {
      offer(control, wish);
      if (name in found) {
        setText(control.options[0], settings[name] === undefined && found[name] !== null
          ? text('review.found', { value: found[name] })
          : text('review.found-none'));
      }
    }
    control.value = wish;
  }
  byId('review-header-line').placeholder = headerLine ?? '';
  byId('review-sheet').placeholder = sheet ?? '';
}

/**
 * Adds the value to the select element if the element does not contain it. A profile can contain
 * such a value.
 */
function offer(select, value) {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(make('option', { value, textContent: value }));
  }
}

/**
 * Shows the fields as which no column is read. Each field has buttons for the columns that may be
 * this field.
 */
function drawUnread(review) {
  const fields = unreadFields(review.preview);
  byId('review-unread').hidden = fields.length === 0;
  byId('review-unread').replaceChildren(...fields.map(({ name, likely }) => {
    const field = text(`field.${name}`);
    return make('li', {},
      make('strong', { textContent: text('notice.field-unread', { field }) }),
      ...likely.flatMap(({ column, header }) => [' ', make('button', {
        type: 'button',
        className: 'small',
        textContent: text('review.use-as', { header, field }),
        onclick: () => {
          byId('review-columns').querySelector(`select[data-column="${column}"]`)
            ?.focus({ preventScroll: true });
          review.map(column, name);
        },
      })]));
  }));
}

/** The codes of notices that the table of columns makes unnecessary. */
const TOLD_BY_COLUMNS = new Set(['field-unread', 'column-unknown']);

/**
 * Shows the notices that are not about a single column. A notice about a single column is shown
 * beside the column.
 */
function drawNotices(preview) {
  const { notices, columns } = preview;
  const headers = new Set(columns.map(({ header }) => header));
  const general = notices.filter(({ code, column }) =>
    !TOLD_BY_COLUMNS.has(code) && (column === undefined || !headers.has(column)));
  byId('review-notices').hidden = general.length === 0;
  byId('review-notices').replaceChildren(...general.map((notice) =>
    make('li', {}, ...noticeContent(notice, preview))));
}

/** Draws all rows again. If a select has the focus, it keeps the focus. */
function drawColumns(review) {
  const { columns, notices } = review.preview;
  const shown = allColumns ? columns : columns.slice(0, FIRST_COLUMNS);
  const rest = columns.length - shown.length;
  const focused = document.activeElement?.dataset.column;
  byId('review-columns-part').hidden = columns.length === 0;
  byId('review-columns').replaceChildren(...columnRows(shown, notices, review));
  if (focused !== undefined) {
    byId('review-columns').querySelector(`select[data-column="${focused}"]`)
      ?.focus({ preventScroll: true });
  }
  byId('more-columns').hidden = rest === 0;
  setText(byId('more-columns'), text('review.columns-more', { count: rest }));
}

function drawRows({ rows }) {
  byId('review-rows-part').hidden = rows.length === 0;
  setText(byId('review-rows-title'), text('review.rows', { count: rows.length }));
  byId('review-rows').replaceChildren(...previewRows(rows));
}
