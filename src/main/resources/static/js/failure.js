import { hasText, text } from './texts.js';
import { isUndo } from './undo.js';

const IMPORT = 'csv-import';
/** The kinds of jobs whose failures this page describes itself, with their groups of texts. */
const GROUPS = { [IMPORT]: 'failed-import', 'csv-undo': 'failed-undo' };

/**
 * The error of a failed job as a problem, in the language of the page. For a job of another program,
 * the text is that of its worker. The server's text stays if this page cannot know how much of the
 * job was done: an import that rejects all rows may have been taken back.
 */
export function failureOf(job) {
  const { error, kind } = job;
  const group = GROUPS[kind];
  const code = `${group}.${error.code}`;
  // The heading of the page and the state of the job already say that an import failed.
  const title = kind === IMPORT ? '' : text(group ?? 'failed-job');
  const failure = { ...error, title, titled: true };
  return group !== undefined && hasText(code) && job.onError !== 'reject-all'
    ? { ...failure, detail: `${text(code, valuesOf(job))} ${doneBefore(job)}` }
    : failure;
}

const valuesOf = ({ counts, maxErrors }) => ({
  rows: counts.rows,
  rejected: counts.rejected,
  tolerated: maxErrors ?? 0,
});

function doneBefore(job) {
  if (isUndo(job)) {
    return text('failed-undo.so-far', { count: job.counts.reversed });
  }
  return job.dryRun ? text('failed-import.only-checked') : text('failed-import.so-far', { rows: job.counts.rows });
}
