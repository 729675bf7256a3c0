import { Refusal, getJob, jobPath } from './api.js';

const FINISHED = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);
const REOPEN_MILLIS = 3_000;
const REOPEN_MAX_MILLIS = 30_000;
/**
 * A server that is full or stopping accepts a connection and closes it immediately. So a connection
 * counts as restored only after it was open for this time.
 */
const STEADY_MILLIS = 1_000;

export const isFinished = (job) => FINISHED.has(job.status);

/**
 * Opens the event stream of a job and keeps it open until the final event or until it is closed.
 *
 * @param lastEventId the last event that the caller has seen, or null
 * @param emit called with a name, its data and, if there is one, the ID of the event. The names are
 *     snapshot (a job), progress (a part of a job), rows, rejected, chunk, end (the finished job),
 *     connection ('open' or 'lost'), unknown (a problem).
 * @returns a function that closes the stream
 */
export function openStream(id, lastEventId, emit) {
  let source = null;
  let reopening = 0;
  let steady = 0;
  let reopenMillis = REOPEN_MILLIS;
  let seen = lastEventId;
  let connection = null;
  let closed = false;

  function open() {
    const resume = seen === null ? '' : `?lastEventId=${encodeURIComponent(seen)}`;
    const opened = new EventSource(`${jobPath(id)}/events${resume}`);
    source = opened;
    const on = (name, use) => opened.addEventListener(name, (event) => {
      // A connection error calls the listener for events named "error", too, but without data.
      if (typeof event.data === 'string' && opened === source && !closed) {
        seen = event.lastEventId || seen;
        back();
        use(JSON.parse(event.data), seen);
      }
    });
    for (const name of ['snapshot', 'progress', 'rows', 'rejected', 'chunk']) {
      on(name, (data, eventId) => emit(name, data, eventId));
    }
    for (const name of ['complete', 'error', 'cancelled']) {
      on(name, end);
    }
    opened.onopen = () => {
      clearTimeout(steady);
      steady = setTimeout(back, STEADY_MILLIS);
    };
    opened.onerror = (event) => {
      if (typeof event.data === 'string' || opened !== source || closed) {
        return;
      }
      clearTimeout(steady);
      connect('lost');
      if (opened.readyState === EventSource.CLOSED) {
        findOutWhy(opened);
      }
    };
  }

  function back() {
    clearTimeout(steady);
    reopenMillis = REOPEN_MILLIS;
    connect('open');
  }

  function connect(state) {
    if (connection !== state) {
      connection = state;
      emit('connection', state);
    }
  }

  function end(job, eventId) {
    close();
    emit('end', job, eventId);
  }

  /**
   * Any status except 200 closes an EventSource for ever and hides the reason. Reading the job
   * shows the reason.
   */
  async function findOutWhy(refused) {
    const answer = await getJob(id).catch((failure) => failure);
    if (closed || refused !== source) {
      return;
    }
    if (answer instanceof Refusal && answer.status === 404) {
      close();
      emit('unknown', answer.problem);
    } else if (!(answer instanceof Error) && isFinished(answer)) {
      end(answer);
    } else {
      reopening = setTimeout(open, reopenMillis * (0.75 + Math.random() / 2));
      reopenMillis = Math.min(reopenMillis * 2, REOPEN_MAX_MILLIS);
    }
  }

  function close() {
    closed = true;
    clearTimeout(reopening);
    clearTimeout(steady);
    source.close();
  }

  open();
  return close;
}
