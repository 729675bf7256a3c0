import { byId, make } from './dom.js';
import { Unreachable } from './api.js';

const section = byId('problem');

/** Shows a problem detail, with the rows or columns that it blames. */
export function showProblem(problem, retry = null) {
  byId('problem-title').textContent = problem.title ?? 'Something went wrong';
  byId('problem-detail').textContent = problem.detail ?? '';
  byId('problem-errors').replaceChildren(...(problem.errors ?? []).map(blamed));
  const button = byId('retry');
  button.hidden = retry === null;
  button.onclick = retry;
  section.dataset.problem = problem.code ?? (problem.type ?? '').split(':').pop();
  section.hidden = false;
}

export function hideProblem() {
  section.hidden = true;
}

/** What is to be shown of a call that failed, whatever the failure. */
export function problemOf(failure) {
  if (failure instanceof Unreachable) {
    return { title: 'No connection', detail: failure.message };
  }
  if (failure.retryAfterSeconds) {
    const again = `Try again in ${failure.retryAfterSeconds} s.`;
    return { ...failure.problem, detail: `${failure.problem.detail ?? ''} ${again}`.trim() };
  }
  return failure.problem ?? { title: 'Something went wrong', detail: failure.message };
}

/** An error is a text, or an object such as {"column", "code", "detail"}; unknown keys are told too. */
function blamed(error) {
  if (error === null || typeof error !== 'object') {
    return make('li', { textContent: String(error) });
  }
  const { column, row, line, detail, code, ...rest } = error;
  const item = make('li');
  const place = [
    column == null ? '' : column,
    row == null ? '' : `row ${row}`,
    line == null ? '' : `line ${line}`,
  ].filter(Boolean).join(', ');
  if (place) {
    item.append(make('code', { textContent: place }), ' ');
  }
  item.append(detail ?? code ?? '');
  for (const [name, value] of Object.entries(rest)) {
    if (value !== null && !(Array.isArray(value) && value.length === 0)) {
      item.append(make('small', { textContent: ` ${spoken(name)}: ${plain(value)}` }));
    }
  }
  return item;
}

const spoken = (name) => name.replace(/([A-Z])/g, ' $1').toLowerCase();

function plain(value) {
  if (Array.isArray(value)) {
    return value.map(plain).join(', ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
