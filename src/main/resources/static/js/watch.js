import { Refusal, getJob, jobPath } from './api.js';

const FINISHED = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);
const SILENCE_MILLIS = 30_000;
const REOPEN_MILLIS = 3_000;
const REOPEN_MAX_MILLIS = 30_000;
/** A connection that the server ends at once (it is full, or going down) does not count as back. */
const STEADY_MILLIS = 1_000;

export const isFinished = (job) => FINISHED.has(job.status);

/**
 * Watches a job until its final event, through every reconnection.
 *
 * The listener has: snapshot(job), progress(part of a job), rows(products), rejected(rejections),
 * end(job), connection('open' or 'lost'), unknown(problem).
 *
 * @returns a function that stops watching
 */
export function watch(id, listener) {
  let source = null;
  let reopening = 0;
  let steady = 0;
  let reopenMillis = REOPEN_MILLIS;
  let lastSign = Date.now();
  let lastRows = -1;
  let stopped = false;

  function open() {
    clearTimeout(reopening);
    source?.close();
    lastSign = Date.now();
    const opened = new EventSource(`${jobPath(id)}/events`);
    source = opened;
    const on = (name, use) => opened.addEventListener(name, (event) => {
      // A connection error comes to the same listener as the event named error, without data.
      if (typeof event.data === 'string' && opened === source && !stopped) {
        sign();
        use(JSON.parse(event.data));
      }
    });
    on('snapshot', (job) => { lastRows = job.counts.rows; listener.snapshot(job); });
    on('progress', (part) => { lastRows = part.counts.rows; listener.progress(part); });
    on('rows', (data) => listener.rows(data.products));
    on('rejected', (data) => listener.rejected(data.rejections));
    on('complete', end);
    on('error', end);
    on('cancelled', end);
    opened.onopen = () => {
      clearTimeout(steady);
      steady = setTimeout(sign, STEADY_MILLIS);
    };
    opened.onerror = (event) => {
      if (typeof event.data === 'string' || opened !== source || stopped) {
        return;
      }
      clearTimeout(steady);
      listener.connection('lost');
      if (opened.readyState === EventSource.CLOSED) {
        tellWhyClosed();
      }
    };
  }

  function sign() {
    clearTimeout(steady);
    lastSign = Date.now();
    reopenMillis = REOPEN_MILLIS;
    listener.connection('open');
  }

  function end(job) {
    stop();
    listener.end(job);
  }

  /** Any status but 200 closes an EventSource for good and hides the reason; the job knows it. */
  async function tellWhyClosed() {
    const closed = source;
    const answer = await getJob(id).catch((failure) => failure);
    if (stopped || closed !== source) {
      return;
    }
    if (answer instanceof Refusal && answer.status === 404) {
      stop();
      listener.unknown(answer.problem);
    } else if (!(answer instanceof Error) && isFinished(answer)) {
      end(answer);
    } else {
      clearTimeout(reopening);
      reopening = setTimeout(open, reopenMillis * (0.75 + Math.random() / 2));
      reopenMillis = Math.min(reopenMillis * 2, REOPEN_MAX_MILLIS);
    }
  }

  /** A connection can die without a word (sleep, a change of network); heartbeats are not visible here. */
  async function askWhenSilent() {
    if (source?.readyState !== EventSource.OPEN || Date.now() - lastSign < SILENCE_MILLIS) {
      return;
    }
    lastSign = Date.now();
    const job = await getJob(id).catch(() => null);
    if (stopped || job === null) {
      return;
    }
    if (isFinished(job)) {
      end(job);
    } else if (job.counts.rows !== lastRows) {
      open();
    }
  }

  const silence = setInterval(askWhenSilent, SILENCE_MILLIS / 3);

  function stop() {
    stopped = true;
    clearInterval(silence);
    clearTimeout(reopening);
    clearTimeout(steady);
    source?.close();
  }

  open();
  return stop;
}
