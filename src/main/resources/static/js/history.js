import * as format from './format.js';
import { outcomeOf, phaseOf, wordOf } from './phases.js';
import { byId, make, setText } from './dom.js';
import { getPage } from './api.js';
import { isFinished } from './stream.js';
import { problemOf } from './problem.js';
import { text } from './texts.js';

/**
 * Lists all jobs that this user may see, newest first. A search looks at the fetched jobs, and
 * fetches older ones if it finds too few.
 */

const PAGE = 100;
/**
 * A search fetches older jobs until it has found this many more, or until the given number of jobs
 * is fetched.
 */
const ENOUGH = 20;
const MOST_READ = 2_000;
const REFRESH_MILLIS = 3_000;
const SOON_MILLIS = 250;

let jobs = [];
let next = null;
let refreshing = 0;
let typing = 0;
/** Counts requests, so that a slow answer is ignored if a later request was made. */
let asked = 0;

byId('history-search').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => search(), SOON_MILLIS);
});
byId('history-status').addEventListener('change', () => search());
byId('history').addEventListener('submit', (event) => {
  event.preventDefault();
  search();
});
byId('more-history').addEventListener('click', () => readOn(jobs.length + MOST_READ));

export function openHistory() {
  byId('history').hidden = false;
  reload();
}

export function closeHistory() {
  byId('history').hidden = true;
  clearTimeout(refreshing);
  clearTimeout(typing);
  asked++;
}

async function reload() {
  const own = ++asked;
  await attempt(async () => {
    const page = await getPage('/api/jobs', null, PAGE);
    if (own === asked) {
      merge(page);
      draw();
    }
  });
  if (own === asked) {
    clearTimeout(refreshing);
    refreshing = setTimeout(() => (document.hidden ? undefined : reload()), REFRESH_MILLIS);
  }
}
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !byId('history').hidden) {
    reload();
  }
});

/** Updates the first page and keeps the older jobs that were fetched before. */
function merge(page) {
  if (jobs.length <= page.items.length) {
    jobs = page.items;
    next = page.next;
  } else {
    const fresh = new Set(page.items.map(({ transactionId }) => transactionId));
    jobs = [...page.items, ...jobs.filter(({ transactionId }) => !fresh.has(transactionId))];
  }
}

async function search() {
  draw();
  if (wanted() !== '' || byId('history-status').value !== '') {
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
      jobs = [...jobs, ...page.items];
      next = page.next;
      draw();
    } while (jobs.length < most && found().length - before < ENOUGH);
  });
  if (own === asked) {
    refreshing = setTimeout(reload, REFRESH_MILLIS);
  }
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

function found() {
  const [words, status] = [wanted(), byId('history-status').value];
  return jobs.filter((job) => (status === '' || stateOf(job) === status)
    && `${job.fileName ?? ''} ${job.title ?? ''} ${job.transactionId}`.toLowerCase().includes(words));
}

function stateOf(job) {
  if (!isFinished(job)) {
    return 'unfinished';
  }
  return job.counts?.rejected > 0 && job.status === 'COMPLETED' ? 'REJECTED' : job.status;
}

function draw() {
  const shown = found();
  const focused = document.activeElement?.closest('#history-jobs li')?.dataset.job;
  byId('history-jobs').replaceChildren(...shown.map(line));
  if (focused !== undefined) {
    byId('history-jobs').querySelector(`[data-job="${CSS.escape(focused)}"] a`)?.focus();
  }
  setText(byId('history-shown'), text(shown.length === 0 ? 'history.none' : 'history.shown', {
    count: shown.length,
  }));
  byId('more-history').hidden = next === null;
}

function line(job) {
  const phase = phaseOf(job, true);
  const stamp = make('strong', {
    className: 'stamp small',
    textContent: phase === 'running' && job.percent !== null
      ? format.percent(job.percent)
      : wordOf(phase),
  });
  stamp.dataset.state = phase;
  const item = make('li', {},
    make('a', {
      href: `/?job=${encodeURIComponent(job.transactionId)}`,
      textContent: job.fileName ?? job.title ?? 'CSV',
    }),
    make('span', { className: 'recent-outcome', textContent: [kindOf(job), outcomeOf(job)]
      .filter(Boolean).join(' · ') }),
    make('time', { dateTime: job.createdAt, textContent: format.moment(job.createdAt) }),
    stamp);
  item.dataset.job = job.transactionId;
  return item;
}

function kindOf(job) {
  if (job.kind === 'csv-undo') {
    return text(job.dryRun ? 'history.undo-check' : 'history.undo');
  }
  return job.dryRun ? text('history.check') : '';
}
