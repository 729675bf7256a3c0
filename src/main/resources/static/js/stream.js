import { Refused, watchJob } from '/clients/waybill.js';
import { Refusal, getJob } from './api.js';

const FINISHED = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);
const NAMES = new Set(['snapshot', 'progress', 'rows', 'rejected', 'chunk']);
const FINAL = new Set(['complete', 'error', 'cancelled']);
const REOPEN_MILLIS = 3_000;
const REOPEN_MAX_MILLIS = 30_000;

export const isFinished = (job) => FINISHED.has(job.status);

/**
 * Watches the event stream of a job until the final event or until it is closed. The client of
 * Waybill reconnects after a lost connection.
 *
 * @param lastEventId the last event that the caller has seen, or null
 * @param emit called with a name, its data and, if there is one, the ID of the event. The names are
 *     snapshot (a job), progress (a part of a job), rows, rejected, chunk, end (the finished job),
 *     connection ('open' or 'lost'), unknown (a problem).
 * @returns a function that closes the stream
 */
export function openStream(id, lastEventId, emit) {
  let watching = null;
  let reopening = 0;
  let reopenMillis = REOPEN_MILLIS;
  let seen = lastEventId;
  let connection = null;
  let closed = false;

  function open() {
    watching = watchJob(id, { lastEventId: seen, onEvent: take, onConnection: connect });
    watching.ended.then(findOutWhy, findOutWhy);
  }

  function take({ name, data, id }) {
    if (id === null || (!FINAL.has(name) && !NAMES.has(name))) {
      // An event without an ID was sent to this connection alone, and is no event of the job.
      return; // waybill.closed, for example, has an ID after which the server sends nothing more
    }
    seen = watching.lastEventId;
    reopenMillis = REOPEN_MILLIS;
    if (FINAL.has(name)) {
      end(data, seen);
    } else {
      emit(name, data, seen);
    }
  }

  function connect(state) {
    if (connection !== state && !closed) {
      connection = state;
      emit('connection', state);
    }
  }

  function end(job, eventId) {
    close();
    emit('end', job, eventId);
  }

  /**
   * Reads the job to find out why there is no stream. Either the server has refused the stream, or
   * this client has seen the end of the stream before.
   */
  async function findOutWhy(failure) {
    if (closed) {
      return;
    }
    if (failure !== null && !(failure instanceof Refused)) {
      reportError(failure); // an error in this page
    }
    connect('lost');
    const answer = await getJob(id).catch((refusal) => refusal);
    if (closed) {
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
    watching.close();
  }

  open();
  return close;
}
