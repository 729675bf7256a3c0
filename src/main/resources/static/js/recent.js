import * as format from './format.js';
import { outcomeOf, phaseOf, typeOf, wordOf } from './phases.js';
import { Refusal, getJob } from './api.js';
import { breakable, byId, make, setText } from './dom.js';
import { isFinished } from './stream.js';

/**
 * The last jobs that this browser has shown. The jobs are kept in the storage of the browser and
 * listed below the form.
 */

const KEY = 'waybill.recent';
const MOST = 10;
const REFRESH_MILLIS = 3_000;
const LONGEST_NAME = 200;

let unsaved = [];
let refreshing = 0;
/**
 * The finished jobs. A finished job does not change, so each finished job is fetched only one time.
 */
const finished = new Map();

/** Adds a job to the list. The newest jobs come first, and only the newest jobs are kept. */
export function remember({ transactionId, fileName, title, createdAt }) {
  const entry = {
    id: transactionId,
    fileName: (fileName ?? title ?? 'CSV').slice(0, LONGEST_NAME),
    at: createdAt,
  };
  save([entry, ...saved().filter(({ id }) => id !== transactionId)]
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
    .slice(0, MOST));
}

export function showRecent() {
  clearTimeout(refreshing);
  const entries = saved();
  byId('recent').hidden = entries.length === 0;
  byId('recent-jobs').replaceChildren(...entries.map(line));
  refresh(entries);
}

export function hideRecent() {
  clearTimeout(refreshing);
  byId('recent').hidden = true;
}

byId('clear-recent').addEventListener('click', () => {
  save([]);
  showRecent();
  byId('headline').focus();
});

function line({ id, fileName, at }) {
  const item = make('li', {},
    make('a', { href: `/?job=${encodeURIComponent(id)}` }, ...breakable(fileName)),
    make('span', { className: 'recent-outcome' }),
    make('time', { dateTime: at, textContent: format.moment(at) }),
    make('strong', { className: 'stamp small' }));
  item.dataset.job = id;
  if (finished.has(id)) {
    fill(item, finished.get(id));
  }
  return item;
}

/** Sends one request at a time, so that the list does not occupy all connections of the browser. */
async function refresh(entries) {
  let unfinished = document.hidden;
  for (const { id } of entries) {
    if (!finished.has(id) && !byId('recent').hidden && !document.hidden) {
      const answer = await getJob(id).catch((failure) => failure);
      const item = byId('recent-jobs').querySelector(`[data-job="${CSS.escape(id)}"]`);
      if (answer instanceof Refusal && answer.status === 404) {
        save(saved().filter((entry) => entry.id !== id));
        item?.remove();
      } else if (answer instanceof Error) {
        unfinished = true;
      } else {
        if (isFinished(answer)) {
          finished.set(id, answer);
        } else {
          unfinished = true;
        }
        if (item !== null) {
          fill(item, answer);
        }
      }
    }
  }
  clearTimeout(refreshing);
  if (unfinished && !byId('recent').hidden) {
    refreshing = setTimeout(() => refresh(entries), REFRESH_MILLIS);
  }
}

function fill(item, job) {
  const phase = phaseOf(job, true);
  const stamp = item.querySelector('.stamp');
  stamp.dataset.state = phase;
  setText(stamp, phase === 'running' && job.percent !== null ? format.percent(job.percent) : wordOf(phase));
  const type = typeOf(job);
  item.querySelector('.recent-outcome').replaceChildren(
    ...(type === '' ? [] : [make('span', { className: 'badge', textContent: type }), ' ']),
    outcomeOf(job));
}

/**
 * The stored list. The storage may be full, blocked, or contain the data of another version. In
 * these cases the list is kept only in this page.
 */
function saved() {
  try {
    const entries = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(entries)
      ? entries.filter((entry) => typeof entry?.id === 'string').slice(0, MOST)
      : [];
  } catch {
    return unsaved;
  }
}

function save(entries) {
  unsaved = entries;
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    // The list cannot be stored, so `unsaved` keeps it while the page is open.
  }
}
