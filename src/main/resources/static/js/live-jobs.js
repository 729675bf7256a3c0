import { watchAll } from '/clients/waybill.js';
import { getJob, getPage } from './api.js';
import { inFreeSlot } from './watch.js';
import { isFinished } from './stream.js';
import { problemOf } from './problem.js';

/*
 * Keeps the list of the newest jobs live. All tabs of a browser that show the list share one
 * connection: a lock chooses the tab that leads, as in watch.js. That tab reads the list, watches
 * the unfinished jobs, and passes everything to the other tabs.
 */
const CAN_SHARE = 'locks' in navigator && 'BroadcastChannel' in window;
const NAME = 'waybill-history';
const PAGE = 100;
/**
 * The interval between two reads of the list. No event says that a new job was created, or that a
 * queued job has moved up.
 */
const READ_MILLIS = 3_000;
/** The maximum number of streams that one connection may have. */
const MOST_WATCHED = 20;
const PARTS = new Set(['snapshot', 'progress', 'complete', 'error', 'cancelled']);

/**
 * Reads and watches the newest jobs until it is stopped. One of the open tabs, the leader, reads
 * and watches for all tabs. A hidden tab neither leads nor listens.
 *
 * The listener has: page({items, next}), job(a job, or a part of one with its transactionId),
 * failed(the text of a problem).
 */
export class LiveJobs {
  #listener;
  #channel = null;
  #ended = new AbortController();
  /**
   * The abort controller of this tab's claim to lead. It is aborted when this tab stops leading or
   * waiting to lead. Null while the tab is hidden.
   */
  #claim = null;
  /** The jobs that are watched, by ID, while this tab leads. */
  #watched = new Set();
  #close = () => {};

  constructor(listener) {
    this.#listener = listener;
    const { signal } = this.#ended;
    if (CAN_SHARE) {
      this.#channel = new BroadcastChannel(NAME);
      this.#channel.onmessage = ({ data: [name, value] }) => this.#listener[name]?.(value);
    }
    document.addEventListener('visibilitychange', () => this.#takePartIfShown(), { signal });
    // Stops leading when the page is left. A page that the browser keeps for the back button would
    // keep the lock, but pass no events to the other tabs.
    addEventListener('pagehide', () => this.#rest(), { signal });
    addEventListener('pageshow', () => this.#takePartIfShown(), { signal });
    this.#takePartIfShown();
  }

  stop() {
    this.#ended.abort();
    this.#rest();
    this.#channel?.close();
  }

  /**
   * Reads the list now, because this tab shows no list yet. So it need not wait for the leading
   * tab.
   */
  async read() {
    try {
      const page = await getPage('/api/jobs', null, PAGE);
      if (!this.#ended.signal.aborted) {
        this.#listener.page(page);
      }
    } catch (failure) {
      if (!this.#ended.signal.aborted) {
        this.#listener.failed(problemOf(failure).detail);
      }
    }
  }

  #takePartIfShown() {
    if (document.hidden) {
      this.#rest();
    } else if (this.#claim === null && !this.#ended.signal.aborted) {
      this.#takePart();
    }
  }

  #rest() {
    this.#claim?.abort();
    this.#claim = null;
  }

  async #takePart() {
    const claim = new AbortController();
    const { signal } = claim;
    this.#claim = claim;
    this.read();
    if (!CAN_SHARE) {
      await this.#lead(signal);
      return;
    }
    await navigator.locks.request(NAME, { signal }, () => this.#lead(signal)).catch(() => {
      // The tab was hidden or left before it became the leader.
    });
  }

  async #lead(signal) {
    signal.addEventListener('abort', () => this.#stopWatching());
    while (!signal.aborted) {
      const page = await getPage('/api/jobs', null, PAGE).catch((failure) => failure);
      if (signal.aborted) {
        return;
      }
      if (page instanceof Error) {
        this.#publish('failed', problemOf(page).detail);
      } else {
        this.#publish('page', page);
        const unfinished = page.items.filter((job) => !isFinished(job));
        this.#watch(unfinished, signal);
        await this.#findPlaces(unfinished, signal);
      }
      await pause(READ_MILLIS, signal);
    }
  }

  /**
   * Watches the unfinished jobs on one connection, and the running jobs first. A new job needs a
   * new connection; a job that has ended does not.
   */
  async #watch(unfinished, signal) {
    const running = unfinished.filter(({ status }) => status === 'RUNNING');
    const queued = unfinished.filter(({ status }) => status !== 'RUNNING').reverse();
    const ids = [...running, ...queued].slice(0, MOST_WATCHED)
      .map(({ transactionId }) => transactionId);
    if (ids.every((id) => this.#watched.has(id))) {
      return;
    }
    this.#stopWatching();
    const watched = new Set(ids);
    this.#watched = watched;
    const streamed = await inFreeSlot(() => new Promise((released) => {
      if (signal.aborted || this.#watched !== watched) {
        released();
        return;
      }
      const watching = watchAll(ids.map((id) => `job:${id}`), {
        onEvent: ({ stream, name, data }) => this.#take(stream, name, data),
      });
      this.#close = () => {
        watching.close();
        released();
      };
      // After a refusal, for example because a job was deleted, the next read of the list starts a
      // new connection.
      watching.ended.catch(() => this.#stopWatching()).finally(released);
    }));
    if (!streamed && this.#watched === watched) {
      this.#watched = new Set(); // no slot was free, so the next read of the list tries again
    }
  }

  #take(stream, name, data) {
    if (PARTS.has(name) && stream !== null) { // without a stream, it was sent to this connection alone
      this.#publish('job', { ...data, transactionId: stream.slice('job:'.length) });
    }
  }

  #stopWatching() {
    this.#watched = new Set();
    this.#close();
    this.#close = () => {};
  }

  /**
   * The list does not contain the positions in the queue. So these positions are read one after the
   * other.
   */
  async #findPlaces(unfinished, signal) {
    for (const { transactionId, status } of unfinished.slice(-MOST_WATCHED)) {
      if (status === 'QUEUED' && !signal.aborted) {
        const job = await getJob(transactionId).catch(() => null);
        if (job !== null && !signal.aborted) {
          this.#publish('job', job);
        }
      }
    }
  }

  #publish(name, value) {
    this.#channel?.postMessage([name, value]);
    this.#listener[name](value);
  }
}

function pause(millis, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, millis);
    signal.addEventListener('abort', done);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
