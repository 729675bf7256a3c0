import * as format from './format.js';
import { outcomeOf, phaseOf, typeOf, wordOf } from './phases.js';
import { breakable, byId, make, setText } from './dom.js';
import { byDay } from './history-days.js';
import { getPage } from './api.js';
import { LiveJobs } from './live-jobs.js';
import { amountOf, isExternal } from './external.js';
import { isFinished } from './stream.js';
import { isUndo } from './undo.js';
import { undoneWord } from './undo-view.js';
import { problemOf } from './problem.js';
import { text } from './texts.js';

/**
 * Lists all jobs that this user may see, newest first, and updates the list live. A search looks at
 * the fetched jobs, and fetches older jobs if it finds too few.
 */

const PAGE = 100;
/**
 * The number of further matches after which a search stops fetching older jobs. A search also stops
 * when the given number of jobs is fetched.
 */
const ENOUGH = 20;
const MOST_READ = 2_000;
const SOON_MILLIS = 250;

let jobs = [];
let next = null;
/** The object that updates the list live while the list is open; otherwise null. */
let live = null;
/** The lines that are shown, by the ID of their job. */
let shownLines = new Map();
/** The days and job IDs that are shown, in their order. */
let shownLayout = '';
let typing = 0;
/** The number of requests so far, so that a slow answer is ignored if a later request was made. */
let asked = 0;

byId('history-search').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => search(), SOON_MILLIS);
});
byId('history-status').addEventListener('change', () => search());
byId('history-type').addEventListener('change', () => search());
byId('history').addEventListener('submit', (event) => {
  event.preventDefault();
  search();
});
byId('more-history').addEventListener('click', () => readOn(jobs.length + MOST_READ));

export function openHistory() {
  byId('history').hidden = false;
  live = new LiveJobs({
    page: (page) => {
      merge(page);
      setText(byId('history-note'), '');
      draw();
    },
    job: update,
    failed: (detail) => setText(byId('history-note'), detail),
  });
}

export function closeHistory() {
  byId('history').hidden = true;
  live?.stop();
  live = null;
  clearTimeout(typing);
  asked++;
}

/** Updates the first page and keeps the older jobs that were fetched before. */
function merge(page) {
  const known = new Map(jobs.map((job) => [job.transactionId, job]));
  // Sets `undone` explicitly, because a whole job without `undone` is not undone any more.
  // Otherwise the older value would remain.
  const items = page.items.map((job) => newest(known.get(job.transactionId), { undone: undefined, ...job }));
  if (jobs.length <= items.length) {
    jobs = items;
    next = page.next;
  } else {
    const fresh = new Set(items.map(({ transactionId }) => transactionId));
    jobs = [...items, ...jobs.filter(({ transactionId }) => !fresh.has(transactionId))];
  }
}

/** Updates one job with a new state, or with a part of a new state. */
function update(part) {
  const index = jobs.findIndex(({ transactionId }) => transactionId === part.transactionId);
  if (index < 0) {
    return; // the list will contain it soon
  }
  const before = jobs[index];
  jobs[index] = newest(before, part);
  const item = shownLines.get(part.transactionId);
  if (stateOf(before) !== stateOf(jobs[index])) {
    draw(); // it may match another state now
  } else if (item !== undefined) {
    fill(item, jobs[index]);
  }
}

/**
 * Combines the known job with a received state. Events and lists can overtake each other, so the
 * received state may be older than the known state.
 */
function newest(known, part) {
  if (known === undefined) {
    return part;
  }
  const job = { ...known, ...part };
  // The only change of a finished job is an undo.
  const older = (isFinished(known) && !isFinished(job))
    || job.attempt < known.attempt
    || (job.attempt === known.attempt && amountOf(job) < amountOf(known));
  return older ? known : job;
}

async function search() {
  draw();
  if (isFiltered()) {
    await readOn(MOST_READ);
  }
}

/** Fetches older jobs until enough of them match the search. */
async function readOn(most) {
  const own = ++asked;
  const before = found().length;
  await attempt(async () => {
    do {
      if (next === null) {
        return;
      }
      const page = await getPage('/api/jobs', next, PAGE);
      if (own !== asked) {
        return;
      }
      const known = new Set(jobs.map(({ transactionId }) => transactionId));
      jobs = [...jobs, ...page.items.filter(({ transactionId }) => !known.has(transactionId))];
      next = page.next;
      draw();
    } while (jobs.length < most && found().length - before < ENOUGH);
  });
}

async function attempt(call) {
  try {
    await call();
    setText(byId('history-note'), '');
  } catch (failure) {
    setText(byId('history-note'), problemOf(failure).detail);
  }
}

const wanted = () => byId('history-search').value.trim().toLowerCase();

const isFiltered = () =>
  wanted() !== '' || byId('history-status').value !== '' || byId('history-type').value !== '';

function found() {
  const [words, status, type] = [wanted(), byId('history-status').value, byId('history-type').value];
  return jobs.filter((job) => (status === '' || stateOf(job) === status)
    && (type === '' || groupOf(job) === type)
    && `${job.fileName ?? ''} ${job.title ?? ''} ${job.transactionId}`.toLowerCase().includes(words));
}

/** The group of a job, by its name in the filter by type. */
function groupOf(job) {
  if (isUndo(job)) {
    return 'undo';
  }
  if (isExternal(job)) {
    return 'other';
  }
  return job.dryRun ? 'check' : 'import';
}

function stateOf(job) {
  if (!isFinished(job)) {
    return 'unfinished';
  }
  return job.counts?.rejected > 0 && job.status === 'COMPLETED' ? 'REJECTED' : job.status;
}

function draw() {
  const shown = found();
  const days = byDay(shown);
  const lines = new Map(shown.map((job) =>
    [job.transactionId, shownLines.get(job.transactionId) ?? line(job)]));
  shown.forEach((job) => fill(lines.get(job.transactionId), job));
  const layout = JSON.stringify(days.map(({ day, imports }) => [day, imports.map(({ job, repairs }) =>
    [job.transactionId, ...repairs.map(({ transactionId }) => transactionId)])]));
  if (layout !== shownLayout) {
    shownLayout = layout;
    const focused = document.activeElement;
    byId('history-jobs').replaceChildren(...days.map((day) => section(day, lines)));
    if (byId('history-jobs').contains(focused)) {
      focused.focus();
    }
  }
  shownLines = lines;
  setText(byId('history-shown'), text(shown.length > 0 ? 'history.shown' : isFiltered() ? 'history.none' : 'history.empty', {
    count: shown.length,
  }));
  byId('more-history').hidden = next === null;
}

/**
 * Draws one day. A day has its date as a heading, and its imports. Each import is followed by the
 * imports that repair its rows.
 */
function section({ day, imports }, lines) {
  const heading = make('h2', { id: `day-${day}`, textContent: format.day(imports[0].job.createdAt) });
  const list = make('ol', {}, ...imports.map(({ job, repairs }) => {
    const item = lines.get(job.transactionId);
    item.querySelector('ol')?.remove();
    setText(item.querySelector('time'), format.time(job.createdAt));
    if (repairs.length > 0) {
      item.append(make('ol', {
        className: 'repairs', ariaLabel: text('history.repairs', { name: nameOf(job) }),
      }, ...repairs.map((repair) => {
        const nested = lines.get(repair.transactionId);
        nested.querySelector('ol')?.remove();
        setText(nested.querySelector('time'), format.moment(repair.createdAt));
        return nested;
      })));
    }
    return item;
  }));
  list.setAttribute('aria-labelledby', heading.id);
  return make('section', {}, heading, list);
}

const nameOf = ({ fileName, title }) => fileName ?? title ?? 'CSV';

function line(job) {
  const item = make('li', {},
    make('a', { href: `/?job=${encodeURIComponent(job.transactionId)}` }, ...breakable(nameOf(job))),
    make('span', { className: 'recent-outcome' }),
    make('time', { dateTime: job.createdAt }),
    make('strong', { className: 'stamp small' }));
  item.dataset.job = job.transactionId;
  return item;
}

function fill(item, job) {
  const phase = phaseOf(job, true);
  const stamp = item.querySelector('.stamp');
  stamp.dataset.state = phase;
  setText(stamp, phase === 'running' && job.percent !== null ? format.percent(job.percent) : wordOf(phase));
  const outcome = item.querySelector('.recent-outcome');
  const words = JSON.stringify([typeOf(job), job.undone, job.parentId, outcomeOf(job)]);
  // Keeps a link that did not change, because the link may have the focus.
  if (outcome.dataset.words !== words) {
    outcome.dataset.words = words;
    outcome.replaceChildren(...badges(job), outcomeOf(job));
  }
}

/**
 * The badges of a job. They show the type of a job that is not an import, whether the job repairs
 * another job, and whether it was undone.
 */
function badges(job) {
  const type = typeOf(job);
  const undone = undoneWord(job);
  return [
    ...(type === '' ? [] : [make('span', { className: 'badge', textContent: type }), ' ']),
    ...(job.parentId === undefined ? [] : [make('a', {
      className: 'badge repair-of',
      href: `/?job=${encodeURIComponent(job.parentId)}`,
      textContent: text('history.repair'),
      title: text('repair.parent'),
    }), ' ']),
    ...(undone === '' ? [] : [make('a', {
      className: 'badge undone',
      href: `/?job=${encodeURIComponent(job.undone.by)}`,
      textContent: undone,
    }), ' ']),
  ];
}
