/**
 * Remembers in the storage of this browser which rejected rows were repaired and sent, so that the
 * page does not offer to send them twice.
 */

const KEY = 'waybill.sent-rows';
const MOST = 10;

let unsaved = [];

/**
 * @returns {{rows: Set<number>, repair: ?string}} the numbers of the rows of a job that were sent,
 *     and the ID of the job to which the last rows were sent
 */
export function sentRows(job) {
  const entry = saved().find(({ id }) => id === job);
  return { rows: new Set(entry?.rows), repair: entry?.repair ?? null };
}

export function rememberSentRows(job, rows, repair) {
  const all = new Set([...sentRows(job).rows, ...rows]);
  save([{ id: job, rows: [...all], repair }, ...saved().filter(({ id }) => id !== job)]
    .slice(0, MOST));
}

/**
 * The stored entries. The storage may be full, blocked, or contain the data of another version. In
 * these cases the entries are kept only in this page.
 */
function saved() {
  try {
    const entries = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return unsaved.length > 0 ? unsaved : entries.filter(({ rows }) => Array.isArray(rows));
  } catch {
    return unsaved;
  }
}

function save(entries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
    unsaved = [];
  } catch {
    unsaved = entries;
  }
}
