import { byId, make } from './dom.js';
import { text, textOr } from './texts.js';
import { Unreachable } from './api.js';

const MOST_VALUES = 40;
/** The number of seconds above which a wait is shown in minutes. */
const LONG_WAIT_SECONDS = 120;

const section = byId('problem');

/**
 * Shows a problem detail, together with the rows or columns that have errors.
 *
 * @param problem a problem detail. `titled` says that its title is in the language of the page; an
 *     empty title is not shown
 * @param retry the action of the button "try again", or null for no button
 * @param correct the action of the button that corrects the file in a preview, or null for no
 *     button
 * @param another the action of the button that chooses another file, or null for no button
 * @param readAs called with a header of the file and the field as which the column should be read;
 *     offered if the server names headers that are similar to a missing header
 */
export function showProblem(problem, { retry = null, correct = null, another = null, readAs = null } = {}) {
  byId('problem-title').textContent = titleOf(problem);
  byId('problem-title').hidden = titleOf(problem) === ''; // screen readers would list an empty heading
  const errors = problem.errors ?? [];
  byId('problem-detail').textContent = withoutErrors(problem.detail ?? '', errors);
  byId('problem-errors').replaceChildren(...errors.map((error) => blamed(error, readAs)));
  offer('retry', retry);
  offer('correct', correct);
  offer('another', another);
  section.dataset.problem = codeOf(problem);
  section.hidden = false;
}

/** The title of a problem in the language of the page, unless it is one already. */
export function titleOf(problem) {
  const { title = text('problem.unknown'), titled = false } = problem;
  return titled ? title : textOr('problem-title', codeOf(problem), title);
}

export const codeOf = ({ code, type = '' }) => code ?? type.split(':').pop();

function offer(id, action) {
  byId(id).hidden = action === null;
  byId(id).onclick = action;
}

export function hideProblem() {
  section.hidden = true;
}

/** The problem that is shown for a failed call of any kind. */
export function problemOf(failure) {
  if (failure instanceof Unreachable) {
    return { title: text('problem.no-connection'), detail: failure.message };
  }
  if (failure.retryAfterSeconds) {
    const seconds = failure.retryAfterSeconds;
    const again = seconds < LONG_WAIT_SECONDS
      ? text('problem.again-in', { seconds })
      : text('problem.again-in-minutes', { minutes: Math.ceil(seconds / 60) });
    return { ...failure.problem, detail: `${failure.problem.detail ?? ''} ${again}`.trim() };
  }
  return failure.problem ?? { title: text('problem.unknown'), detail: failure.message };
}

/** The detail text without the sentences that the list of errors repeats. */
function withoutErrors(detail, errors) {
  const rest = errors
    .reduce((text, error) => text.replace(error?.detail ?? '', () => ''), detail)
    .replace(/\s+/g, ' ')
    .trim();
  return rest === '' ? detail : rest;
}

/**
 * Draws one error. An error is a text, or an object such as {"column", "code", "detail"}. Keys that
 * this page does not know are shown, too. `found` and `repeated` are left out, because the detail
 * text of the problem contains them.
 */
function blamed(error, readAs) {
  if (error === null || typeof error !== 'object') {
    return make('li', { textContent: String(error) });
  }
  const { column, row, line, detail, code, found, nearMatches, repeated, ...rest } = error;
  const item = make('li');
  const place = [
    column ?? '',
    row == null ? '' : text('table.row-of', { row }),
    line == null ? '' : text('table.line-of', { line }),
  ].filter(Boolean).join(', ');
  if (place) {
    item.append(make('code', { textContent: place }), ' ');
  }
  item.append(detail ?? code ?? '');
  for (const [name, value] of Object.entries(rest)) {
    if (value !== null && plain(value) !== '') {
      item.append(make('small', { textContent: `${spoken(name)}: ${plain(value)}` }));
    }
  }
  if (code === 'column-missing' && readAs !== null) {
    item.append(make('p', {}, ...(nearMatches ?? []).map((header) => make('button', {
      type: 'button',
      className: 'quiet small',
      textContent: text('problem.read-as', { header, field: column }),
      onclick: () => readAs(header, column),
    }))));
  }
  return item;
}

/** Converts a name such as "nearMatches" to words: "near matches". */
const spoken = (name) => name.replace(/([A-Z])/g, ' $1').toLowerCase();

function plain(value) {
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_VALUES).map(plain).join(', ');
    return value.length > MOST_VALUES ? `${shown} ${text('and-more', { count: value.length - MOST_VALUES })}` : shown;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
