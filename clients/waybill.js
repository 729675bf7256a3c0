/**
 * The client of Waybill for JavaScript, in browsers and in Node 20 or newer. It needs no other
 * library.
 *
 * @example
 * import { watchJob, upload } from '/clients/waybill.js';
 * const job = await upload(file, { onProgress: (sent, total) => show(sent / total) });
 * const end = await watchJob(job.transactionId, { onEvent: ({ name, data }) => show(name, data) }).ended;
 *
 * @typedef {object} StreamEvent
 * @property {string} name the event's name; `message` if it has none
 * @property {any} data parsed JSON, or a string if the data is plain text
 * @property {string|null} id
 * @property {string|null} stream the stream of the event, if several streams are watched. Null for
 *     an event of the connection itself, such as `waybill.open`, and for an event that was sent to
 *     this connection alone
 *
 * @typedef {object} WatchOptions
 * @property {(event: StreamEvent) => void} [onEvent]
 * @property {(state: 'open'|'lost') => void} [onConnection] after a loss the client reconnects
 * @property {string} [base] the service's address, such as https://waybill.example (default: that of the page)
 * @property {string} [token] an API key, a JWT or a watch token, sent as a header
 * @property {Record<string, string>} [headers] further headers
 * @property {string|null} [lastEventId] resumes after this event
 *
 * @typedef {object} Watching
 * @property {Promise<StreamEvent|null>} ended the final event; null if it was seen before or the caller
 *     has closed the stream. Rejected with {@link Refused} if the service refuses and a retry is
 *     useless.
 * @property {() => void} close
 * @property {string|null} lastEventId the ID of the newest event
 */

const JOB_ENDS = ['complete', 'error', 'cancelled'];
const STREAM_ENDS = ['waybill.closed'];
/** The ID of the last event of a connection that an operator has closed. */
const CLOSED_BY_OPERATOR = 'closed';
/**
 * The time without a byte after which a connection counts as dead. The service sends a comment
 * every 15 s.
 */
const SILENCE_MILLIS = 40_000;
const RETRY_MILLIS = 3_000;
const RETRY_MAX_MILLIS = 30_000;
/**
 * The time after which a connection without an event counts as open. This time is needed because a
 * service that is full or stopping also answers with the status 200 and a retry time, and then ends
 * the response.
 */
const STEADY_MILLIS = 1_000;
/**
 * The statuses after which the client retries. They are the statuses of a proxy or of a busy
 * service. The status 409 means that the first request with the same Idempotency-Key is still in
 * progress.
 */
const PASSING = new Set([408, 409, 429, 500, 502, 503, 504]);
const MAX_EVENT_CHARACTERS = 4_000_000;

/** Thrown if the service has refused a request. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {any} problem the problem details of the answer, if the answer has problem details
   * @param {string|null} retryAfter the header `Retry-After`
   */
  constructor(status, problem, retryAfter = null) {
    super(problem?.detail ?? `The service answered ${status}`);
    this.name = 'Refused';
    this.status = status;
    this.problem = problem;
    /** @type {number|null} */
    this.retryAfterSeconds = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : null;
  }
}

/**
 * Watches a job until its end.
 *
 * @param {string} id the transaction ID
 * @param {WatchOptions} [options]
 * @returns {Watching}
 */
export function watchJob(id, options = {}) {
  return follow(`/api/jobs/${encodeURIComponent(id)}/events`, JOB_ENDS, options);
}

/**
 * Creates a job by POST and watches it on the same connection. If the connection is lost, sends the
 * same request again. The repeated request creates no second job, and resumes the stream.
 *
 * @param {object} job `kind`, `title`, and the other properties of `POST /api/jobs`
 * @param {WatchOptions} [options]
 * @returns {Watching}
 */
export function startJob(job, options = {}) {
  const headers = {
    'Content-Type': 'application/json',
    'Idempotency-Key': crypto.randomUUID?.() ?? String(Math.random()).slice(2),
    ...options.headers,
  };
  return follow('/api/jobs', JOB_ENDS, { ...options, headers }, JSON.stringify(job));
}

/**
 * Watches a stream until it is closed.
 *
 * @param {string} name
 * @param {WatchOptions & {from?: 'earliest'}} [options]
 * @returns {Watching}
 */
export function watchStream(name, options = {}) {
  const from = options.from === undefined ? '' : `?from=${options.from}`;
  return follow(`/api/streams/${encodeURIComponent(name)}/events${from}`, STREAM_ENDS, options);
}

/**
 * Watches a record of another system until the record is complete.
 *
 * @param {string} kind
 * @param {string} key
 * @param {WatchOptions} [options]
 * @returns {Watching}
 */
export function watchRecord(kind, key, options = {}) {
  const path = `/api/records/${encodeURIComponent(kind)}/${encodeURIComponent(key)}/events`;
  return follow(path, ['complete', 'error'], options);
}

/**
 * Watches several streams on one connection. The connection ends when all streams have ended, or
 * when an operator closes the connection.
 *
 * @param {string[]} names each a stream's name, `job:<transaction ID>` or `record:<kind>:<key>`
 * @param {WatchOptions} [options]
 * @returns {Watching}
 */
export function watchAll(names, options = {}) {
  const query = names.map((name) => `stream=${encodeURIComponent(name)}`).join('&');
  return follow(`/api/events?${query}`, [], options, null, new Set(names));
}

/**
 * Publishes an event. If the event has a message ID, the caller can repeat the request after a lost
 * answer, and the event is still published only one time.
 *
 * @param {string} stream
 * @param {{event?: string, data: any, delivery?: string, key?: string, messageId?: string}} event
 * @param {WatchOptions} [options]
 * @returns {Promise<{ids: string[], watchers: number}>}
 */
export async function publish(stream, event, options = {}) {
  return (await call('POST', `/api/streams/${encodeURIComponent(stream)}/events`, options, event)).json();
}

/**
 * @param {string} id
 * @param {WatchOptions} [options]
 */
export async function cancelJob(id, options = {}) {
  return (await call('DELETE', `/api/jobs/${encodeURIComponent(id)}`, options)).json();
}

/**
 * Uploads a CSV file.
 *
 * @param {File|Blob} file
 * @param {WatchOptions & {fileName?: string, parameters?: URLSearchParams|Record<string, string>,
 *     onProgress?: (sent: number, total: number) => void, signal?: AbortSignal}} [options]
 *     `parameters` are the query parameters of an upload, such as `dryRun`
 * @returns {Promise<any>} the job, or the preview if `parameters` ask for one. Rejected with
 *     {@link Refused}, with an `AbortError` after the signal, and with a `TypeError` if the
 *     connection was lost.
 */
export async function upload(file, options = {}) {
  const query = new URLSearchParams(options.parameters);
  if (!query.has('fileName')) {
    query.set('fileName', options.fileName ?? /** @type {File} */ (file).name ?? 'upload.csv');
  }
  const address = `${options.base ?? ''}/api/upload/csv?${query}`;
  const headers = { 'Content-Type': 'text/csv', ...headersOf(options) };
  options.signal?.throwIfAborted();
  const send = typeof XMLHttpRequest === 'undefined' ? sendByFetch : sendByXhr;
  const { status, text, retryAfter } = await send(address, file, headers, options);
  const answer = parsed(text);
  if ((status !== 202 && status !== 201) || answer === undefined) {
    throw new Refused(status, answer, retryAfter);
  }
  return answer;
}

/** Uses XMLHttpRequest, because fetch does not report how much of a body was sent. */
function sendByXhr(address, file, headers, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded, total);
    request.onload = () => resolve({
      status: request.status,
      text: request.responseText,
      retryAfter: request.getResponseHeader('Retry-After'),
    });
    request.onerror = () => reject(new TypeError('The connection was lost'));
    request.onabort = () => reject(new DOMException('The upload was stopped', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

async function sendByFetch(address, file, headers, { onProgress, signal }) {
  onProgress?.(0, file.size);
  const answer = await fetch(address, { method: 'POST', headers, body: file, signal });
  const text = await answer.text();
  onProgress?.(file.size, file.size);
  return { status: answer.status, text, retryAfter: answer.headers.get('Retry-After') };
}

async function call(method, path, options, body) {
  const headers = { ...headersOf(options), ...(body && { 'Content-Type': 'application/json' }) };
  const answer = await fetch((options.base ?? '') + path,
    { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  if (!answer.ok) {
    throw refusalOf(answer, await answer.text());
  }
  return answer;
}

const refusalOf = ({ status, headers }, text) =>
  new Refused(status, parsed(text), headers.get('Retry-After'));

const headersOf = ({ token, headers }) =>
  ({ ...(token && { Authorization: `Bearer ${token}` }), ...headers });

/** Keeps a stream open until its end, and resumes it after each lost connection. */
function follow(path, ends, options, body = null, open = null) {
  const closing = new AbortController();
  let pauseMillis = RETRY_MILLIS;
  let connection = null;
  const watching = {
    lastEventId: options.lastEventId ?? null,
    close: () => closing.abort(),
    ended: /** @type {any} */ (null),
  };

  function connect(state) {
    if (connection !== state && !closing.signal.aborted) {
      connection = state;
      options.onConnection?.(state);
    }
  }

  /** Handles an event. Returns the event if it was the last event, otherwise null. */
  function take({ id, name, data: text, retry }) {
    pauseMillis = retry ?? pauseMillis;
    if (id !== null) {
      // An event may contain an ID without data. After an empty ID, the client reconnects without
      // an ID.
      watching.lastEventId = id === '' ? null : id;
    }
    if (text === null || closing.signal.aborted) {
      return null;
    }
    connect('open');
    const event = { name, data: valueOf(text), id, stream: null };
    // If several streams are watched, the data of each event of a stream is wrapped. An event that
    // was sent to this connection alone has no ID and is not wrapped, and its data can have any
    // form.
    if (open !== null && id !== null && id !== CLOSED_BY_OPERATOR && name !== 'waybill.open') {
      ({ stream: event.stream, data: event.data } = event.data);
    }
    options.onEvent?.(event);
    return isFinal(event) ? event : null;
  }

  function isFinal({ name, id, stream }) {
    if (id === null) {
      return false; // sent to this connection alone, so it is not the end of a stream
    }
    if (open === null) {
      return ends.includes(name);
    }
    if (stream === null) {
      return id === CLOSED_BY_OPERATOR;
    }
    if ((/^(job|record):/.test(stream) ? JOB_ENDS : STREAM_ENDS).includes(name)) {
      open.delete(stream);
    }
    return open.size === 0;
  }

  async function run() {
    while (!closing.signal.aborted) {
      let failed = false;
      try {
        const final = await readOnce(path, watching.lastEventId, options, body, closing.signal,
          take, () => connect('open'));
        if (final !== undefined) {
          return final;
        }
      } catch (failure) {
        if (failure instanceof Refused && !PASSING.has(failure.status)) {
          throw failure;
        }
        // A listener has thrown any other error. Such an error is passed to the caller and does not
        // count as a lost connection.
        if (!(failure instanceof Refused || failure instanceof Lost)) {
          throw failure;
        }
        failed = true;
      }
      connect('lost');
      await pause(pauseMillis * (0.75 + Math.random() / 2), closing.signal);
      if (failed) {
        pauseMillis = Math.min(pauseMillis * 2, RETRY_MAX_MILLIS);
      }
    }
    return null;
  }

  watching.ended = run().finally(() => closing.abort());
  // Without this line, a caller that ignores `ended` would get an unhandled rejection.
  watching.ended.catch(() => {});
  return watching;
}

class Lost extends Error {}

/**
 * Converts a failure of the network to Lost, because fetch has no separate class for such failures.
 */
const orLost = (promise) => promise.catch((cause) => {
  throw new Lost('The connection was lost', { cause });
});

/**
 * Reads one response. Returns the final event; null if the client has seen the final event before;
 * undefined if more events may follow.
 */
async function readOnce(path, lastEventId, options, body, closed, take, opened) {
  const lost = new AbortController();
  const abort = () => lost.abort();
  closed.addEventListener('abort', abort);
  let silence = setTimeout(abort, SILENCE_MILLIS);
  let steady;
  try {
    const answer = await orLost(fetch((options.base ?? '') + path, {
      method: body === null ? 'GET' : 'POST',
      headers: {
        Accept: 'text/event-stream',
        ...headersOf(options),
        ...(lastEventId !== null && { 'Last-Event-ID': lastEventId }),
      },
      body,
      cache: 'no-store',
      signal: lost.signal,
    }));
    if (answer.status === 204) {
      return null;
    }
    if (answer.status !== 200) {
      throw refusalOf(answer, await orLost(answer.text()));
    }
    steady = setTimeout(opened, STEADY_MILLIS);
    const events = new EventParser();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await orLost(reader.read());
      clearTimeout(silence);
      silence = setTimeout(abort, SILENCE_MILLIS);
      if (done) {
        // If a repeated POST resumes the stream and the response ends without an event, there are
        // no more events.
        return body !== null && lastEventId !== null && !events.any ? null : undefined;
      }
      for (const event of events.parse(value)) {
        const final = take(event);
        if (final !== null) {
          reader.cancel().catch(() => {});
          return final;
        }
      }
    }
  } finally {
    clearTimeout(silence);
    clearTimeout(steady);
    closed.removeEventListener('abort', abort);
  }
}

/** Splits the text of a stream into events. */
class EventParser {
  any = false;
  #rest = '';
  #event = emptyEvent();

  *parse(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    if (this.#rest.length + (this.#event.data?.length ?? 0) > MAX_EVENT_CHARACTERS) {
      throw new Error('An event is larger than this client takes');
    }
    for (const line of lines) {
      if (line === '') {
        const event = this.#event;
        this.#event = emptyEvent();
        this.any ||= event.data !== null;
        yield event;
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      this.#set(field, value);
    }
  }

  #set(field, value) {
    const event = this.#event;
    switch (field) {
      case 'id':
        event.id = value;
        break;
      case 'event':
        event.name = value;
        break;
      case 'data':
        event.data = event.data === null ? value : `${event.data}\n${value}`;
        break;
      case 'retry':
        event.retry = /^\d{1,7}$/.test(value) ? Number(value) : null;
        break;
      default: // a comment
    }
  }
}

const emptyEvent = () => ({ id: null, name: 'message', data: null, retry: null });

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parses JSON. Returns any other text unchanged. */
function valueOf(text) {
  const value = parsed(text);
  return value === undefined ? text : value;
}

function pause(millis, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, signal.aborted ? 0 : millis);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}
