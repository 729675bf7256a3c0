import * as format from './format.js';
import { byId, make, setText } from './dom.js';
import { closeEmitter, closeStream, getPage } from './api.js';
import { isFinished } from './stream.js';
import { problemOf, titleOf } from './problem.js';
import { tableRow } from './tables.js';
import { text, textOr } from './texts.js';

/** Shows an operator all streams and all connections of watching clients, and closes them. */

const PAGE = 50;
const MOST_A_PAGE = 200;
const REFRESH_MILLIS = 5_000;
const SOON_MILLIS = 250;
/** The time within which a second click confirms the first click. */
const CONFIRM_MILLIS = 5_000;
const ALLOWED = 'waybill.operator';

/**
 * One of the two lists of this page. A list has a search, its rows, and a button that shows more
 * rows.
 */
class OperatorList {
  #name;
  #query;
  #row;
  /** The number of items that the user wants to see. */
  #wanted = PAGE;
  #typing = 0;
  /**
   * The number of requests so far, so that a slow answer is ignored if a later request was made.
   */
  #asked = 0;
  total = null;

  /**
   * @param query a function that returns the path of the list for the text of the search
   * @param row a function that returns the key of an item, its cells, and the call that closes the
   *     item or null
   */
  constructor(name, query, row) {
    this.#name = name;
    this.#query = query;
    this.#row = row;
    byId(`${name}-search`).addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => attempt('refresh', () => this.read(PAGE)), SOON_MILLIS);
    });
    byId(`more-${name}`).addEventListener('click', () =>
      attempt('refresh', () => this.read(this.#wanted + PAGE)));
  }

  /** Reads the first items again, as many items as the user wants to see. */
  async read(limit = this.#wanted) {
    this.#wanted = limit;
    const own = ++this.#asked;
    const query = this.#query(byId(`${this.#name}-search`).value.trim());
    const items = [];
    let page = { next: null };
    do {
      page = await getPage(query, page.next, Math.min(MOST_A_PAGE, limit - items.length));
      items.push(...page.items);
    } while (page.next !== null && items.length < limit && own === this.#asked);
    if (own === this.#asked) {
      this.#show(items, page);
    }
  }

  #show(items, { next, total }) {
    this.total = total ?? null;
    const body = byId(this.#name);
    const known = new Map([...body.children].map((line) => [line.dataset.key, line]));
    const lines = items.map((item) => this.#line(item, known));
    if (lines.length !== body.children.length || lines.some((line, at) => line !== body.children[at])) {
      const focused = document.activeElement;
      body.replaceChildren(...lines);
      if (body.contains(focused)) {
        focused.focus();
      }
    }
    byId(`more-${this.#name}`).hidden = next === null;
    setText(byId(`${this.#name}-shown`), text(`operator.${this.#name}`, { count: total ?? items.length }));
  }

  /**
   * Returns the line of an item. Keeps a line that has not changed, so that it does not lose its
   * focus or a first click that waits for its confirmation.
   */
  #line(item, known) {
    const { key, cells, close } = this.#row(item);
    const content = JSON.stringify([cells, close === null]);
    const before = known.get(key);
    if (before?.dataset.content === content) {
      return before;
    }
    const buttons = close === null ? format.NOTHING : closeButton(key, close);
    const line = tableRow([...cells, [text('operator.close'), buttons, '']]);
    line.dataset.key = key;
    line.dataset.content = content;
    return line;
  }
}

/**
 * Makes a button that closes a stream or a connection. The first click asks the user for a
 * confirmation.
 */
function closeButton(key, close) {
  const button = make('button', { type: 'button', className: 'quiet small', textContent: text('operator.close') });
  button.setAttribute('aria-label', text('operator.close-of', { name: key }));
  let confirming = 0;
  const ask = (confirm) => {
    clearTimeout(confirming);
    confirming = confirm ? setTimeout(() => ask(false), CONFIRM_MILLIS) : 0;
    button.classList.toggle('confirm', confirm);
    setText(button, text(confirm ? 'operator.confirm' : 'operator.close'));
    button.setAttribute('aria-label', text(confirm ? 'operator.confirm-of' : 'operator.close-of', { name: key }));
  };
  button.addEventListener('click', async ({ detail }) => {
    if (confirming === 0) {
      ask(true);
      return;
    }
    if (detail > 1) {
      return; // the second click of a double click confirms nothing
    }
    ask(false);
    button.disabled = true;
    if (await attempt('close', close)) {
      await refresh();
    }
    button.disabled = false;
  });
  return button;
}

const streams = new OperatorList('streams',
  (prefix) => `/api/streams?prefix=${encodeURIComponent(prefix)}`,
  ({ name, watchers, retained, lastEventAt, closed }) => ({
    key: name,
    cells: [
      [text('operator.name'), name, 'name'],
      [text('operator.watchers'), format.count(watchers), 'number'],
      [text('operator.retained'), format.count(retained.count), 'number'],
      [text('operator.last'), closed ? text('operator.closed') : format.moment(lastEventAt), ''],
    ],
    close: closed ? null : () => closeStream(name),
  }));

const emitters = new OperatorList('emitters',
  (stream) => (stream === '' ? '/api/emitters' : `/api/emitters?stream=${encodeURIComponent(stream)}`),
  ({ emitterId, streams: watched, transport, pod, connectedAt, waitingBytes }) => ({
    key: emitterId,
    cells: [
      [text('operator.watched'), watched.join(', '), 'name'],
      [text('operator.transport'), textOr('operator.transport', transport), ''],
      [text('operator.pod'), pod, ''],
      [text('operator.connected'), format.moment(connectedAt), ''],
      [text('operator.waiting'), format.size(waitingBytes), 'number'],
    ],
    close: () => closeEmitter(emitterId),
  }));

let refreshing = 0;
let notedFor = null;
let open = false;

export function openOperator() {
  open = true;
  byId('operator').hidden = false;
  refresh();
}

export function closeOperator() {
  open = false;
  byId('operator').hidden = true;
  clearTimeout(refreshing);
}

async function refresh() {
  clearTimeout(refreshing);
  await attempt('refresh', async () => {
    await streams.read();
    await emitters.read();
    showFigure('emitters', emitters.total);
    const { items } = await getPage('/api/jobs', null, MOST_A_PAGE);
    const unfinished = items.filter((job) => !isFinished(job));
    const queued = unfinished.filter(({ status }) => status === 'QUEUED').length;
    showFigure('running', unfinished.length - queued);
    showFigure('queued', queued);
  });
  if (open && !document.hidden) {
    refreshing = setTimeout(refresh, REFRESH_MILLIS);
  }
}
document.addEventListener('visibilitychange', () => {
  if (open && !document.hidden) {
    refresh();
  }
});

function showFigure(name, number) {
  const figure = byId(`operator-${name}`);
  setText(figure, format.count(number));
  figure.parentElement.classList.toggle('some', number > 0);
}

/**
 * Makes a call and, if the call fails, shows the reason in a note. The note stays until the same
 * kind of call succeeds, so a refresh does not hide that a stream or connection could not be
 * closed.
 *
 * @returns whether the call succeeded
 */
async function attempt(kind, call) {
  try {
    await call();
    if (notedFor === kind) {
      setText(byId('operator-note'), '');
    }
    return true;
  } catch (failure) {
    notedFor = kind;
    setText(byId('operator-note'), wordsOf(problemOf(failure)));
    return false;
  }
}

/**
 * The words for a problem. The server's own words are English, and name emitters and pods, so its
 * title in the language of the page is shown instead.
 */
const wordsOf = (problem) => (problem.type === undefined ? problem.detail : titleOf(problem));

/**
 * Shows the link to this view if the caller may use the view. A caller may use it with the scope
 * admin, or while access control is off. The result is stored for the tab, so that not every page
 * sends a request.
 */
export async function offerOperator() {
  byId('to-operator').hidden = !await isAllowed();
}

async function isAllowed() {
  try {
    const known = sessionStorage.getItem(ALLOWED);
    if (known !== null) {
      return known === 'yes';
    }
  } catch {
    // The storage is blocked in this browser.
  }
  // A proxy in front of pods without access control closes the list of emitters.
  const statuses = await Promise.all(['/api/streams?limit=1', '/api/emitters?limit=1'].map((list) =>
    fetch(list, { cache: 'no-store' }).then(({ status }) => status, () => 0)));
  const allowed = statuses.every((status) => status === 200);
  try {
    if (allowed || statuses.some((status) => status >= 400 && status < 429)) {
      sessionStorage.setItem(ALLOWED, allowed ? 'yes' : 'no');
    }
  } catch {
    // The result is not stored, so each page sends a request.
  }
  return allowed;
}

/** Deletes the stored result, because the user has signed in or out. */
export function forgetOperator() {
  try {
    sessionStorage.removeItem(ALLOWED);
  } catch {
    // The storage is blocked, so no result is stored.
  }
  offerOperator();
}
