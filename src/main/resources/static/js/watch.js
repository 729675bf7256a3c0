import { Refusal, getJob } from './api.js';
import { amountOf, isExternal, withChunk } from './external.js';
import { isFinished, openStream } from './stream.js';

/*
 * A browser opens at most six connections to a host over HTTP/1.1. A stream needs one connection
 * until its job ends. With one stream for each tab, none would be left for the next page or for
 * Cancel. So:
 *
 * - The tabs that show one job share one stream. A lock chooses the tab that leads: it opens the
 *   stream and passes each event to the others. When it closes, the next tab gets the lock and
 *   resumes after the last event that it has seen.
 * - All tabs together open at most STREAM_SLOTS streams. A leading tab without a slot polls.
 * - A tab that has been hidden for long never leads. It listens, and polls while no tab leads.
 *
 * Locks exist only in secure contexts (HTTPS and localhost). Elsewhere each tab has its own stream,
 * and closes it soon after the tab was hidden.
 */
const CAN_SHARE = 'locks' in navigator && 'BroadcastChannel' in window;
const STREAM_SLOTS = 3;
const HIDDEN_MILLIS = CAN_SHARE ? 20_000 : 5_000;
const POLL_MILLIS = 2_000;
const SILENCE_MILLIS = 30_000;
/**
 * The time without data after which the page asks the server for the state of the job. After 10 s,
 * the page says that no row has come, so it must know before that time whether this is true.
 */
const STILL_MILLIS = 8_000;
/**
 * The time after which a queued job is read again, because no event says that the job has moved up.
 */
const QUEUE_MILLIS = 5_000;

/**
 * Watches a job until its final event, together with the other tabs that show the job. One of these
 * tabs, the leader, has the connection and passes the events to the other tabs.
 *
 * The listener has: snapshot(job), progress(part of a job), rows(data), rejected(data),
 * chunk(data), end(job), connection('open' or 'lost'), unknown(problem).
 */
export class Watch {
  #id;
  #listener;
  #channel = null;
  #tab = crypto.getRandomValues(new Uint32Array(2)).join('-');
  /**
   * The abort controller of this tab's claim to lead. It is aborted when this tab stops leading or
   * waiting to lead. Null while the tab is hidden and takes no part.
   */
  #claim = null;
  /** The claim with which this tab leads, or null if this tab does not lead. */
  #leading = null;
  #job = null;
  #lastEventId = null;
  #connection = 'open';
  #lastSign = Date.now();
  #hiding = 0;
  #silence;
  #ended = new AbortController();

  constructor(id, listener) {
    this.#id = id;
    this.#listener = listener;
    const { signal } = this.#ended;
    if (CAN_SHARE) {
      this.#channel = new BroadcastChannel(`waybill-job-${id}`);
      this.#channel.onmessage = ({ data }) => this.#hear(data);
    }
    document.addEventListener('visibilitychange', () => this.#seenOrHidden(), { signal });
    // Stops leading when the page is frozen or left. A page that is frozen, or that the browser
    // keeps for the back button, would keep the lock, but pass no events to the other tabs.
    document.addEventListener('freeze', () => this.#rest(), { signal });
    addEventListener('pagehide', () => this.#rest(), { signal });
    addEventListener('pageshow', () => this.#seenOrHidden(), { signal });
    // The interval is random, so that usually one tab asks the server first and shares the answer.
    this.#silence = setInterval(() => this.#askWhenSilent(), QUEUE_MILLIS * (0.8 + Math.random() / 5));
    this.#takePart();
    this.#seenOrHidden();
  }

  stop() {
    this.#ended.abort();
    this.#rest();
    clearInterval(this.#silence);
    this.#channel?.close();
  }

  /** Sends the state of the job that this tab has just fetched to every tab. */
  share(job) {
    if (isFinished(job)) {
      this.#publish('end', job);
    } else {
      this.#publish('snapshot', this.#withoutKnownOutput(job));
    }
  }

  /**
   * The fetched job without its output. Events may still bring pieces of this output, so the output
   * that was built from events is kept.
   */
  #withoutKnownOutput(job) {
    if (!isExternal(job) || this.#lastEventId === null) {
      return job;
    }
    const { output, outputBytes, ...rest } = job;
    return { ...rest, outputBytes: this.#job?.outputBytes ?? outputBytes };
  }

  #seenOrHidden() {
    clearTimeout(this.#hiding);
    if (document.hidden) {
      this.#hiding = setTimeout(() => this.#rest(), HIDDEN_MILLIS);
    } else if (this.#claim === null) {
      this.#takePart();
    }
  }

  #rest() {
    clearTimeout(this.#hiding);
    this.#claim?.abort();
    this.#claim = null;
  }

  #takePart() {
    if (this.#ended.signal.aborted) {
      return;
    }
    this.#lastSign = Date.now();
    this.#channel?.postMessage({ asks: this.#tab });
    this.#claimLead();
  }

  /**
   * Makes this tab the leader as soon as no other tab leads. With `steal`, this tab takes the lead
   * from a tab that sends no events.
   */
  async #claimLead({ steal = false } = {}) {
    const claim = new AbortController();
    this.#claim?.abort();
    this.#claim = claim;
    const lead = () => this.#lead(claim);
    if (!CAN_SHARE) {
      await lead();
      return;
    }
    const options = steal ? { steal } : { signal: claim.signal };
    await navigator.locks.request(`waybill-job-${this.#id}`, options, lead).catch(() => {
      // The request for the lead was aborted while it waited, or another tab has taken the lead.
    });
    if (this.#claim === claim) {
      this.#claimLead();
    }
  }

  async #lead(claim) {
    const { signal } = claim;
    this.#leading = claim;
    while (!signal.aborted) {
      const streamed = await inFreeSlot(() => this.#stream(signal));
      if (!streamed && !signal.aborted) {
        await this.#poll();
        await pause(POLL_MILLIS, signal);
      }
    }
    if (this.#leading === claim) {
      this.#leading = null;
    }
  }

  #stream(signal) {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const close = openStream(this.#id, this.#lastEventId,
        (name, data, eventId) => this.#publish(name, data, eventId));
      signal.addEventListener('abort', () => {
        close();
        resolve();
      });
    });
  }

  #publish(name, data, eventId = null) {
    if (this.#ended.signal.aborted) {
      return;
    }
    this.#channel?.postMessage({ name, data, eventId });
    this.#receive(name, data, eventId);
  }

  #hear({ asks, to, name, data, eventId }) {
    if (asks !== undefined) {
      this.#answer(asks);
    } else if (to === undefined || to === this.#tab) {
      this.#receive(name, data, eventId);
    }
  }

  /**
   * Sends the state to a tab that joins late, so that the other tab need not wait for the next
   * event.
   */
  #answer(to) {
    if (this.#leading === null) {
      return;
    }
    if (this.#job !== null) {
      this.#channel.postMessage({ to, name: 'snapshot', data: this.#job, eventId: this.#lastEventId });
    }
    this.#channel.postMessage({ to, name: 'connection', data: this.#connection, eventId: null });
  }

  #receive(name, data, eventId) {
    if (this.#ended.signal.aborted) {
      return;
    }
    this.#lastSign = Date.now();
    switch (name) {
      case 'connection':
        this.#connection = data;
        break;
      case 'snapshot':
        if (this.#isStale(data)) {
          return;
        }
        this.#job = 'output' in data ? data : { ...data, ...outputOf(this.#job) };
        break;
      case 'progress':
        if (this.#isKnown(eventId) || this.#isStale(data)) {
          return;
        }
        this.#job = { ...this.#job, ...data };
        break;
      case 'chunk':
        if (this.#isKnown(eventId)) {
          return;
        }
        this.#job = withChunk(this.#job, data);
        break;
      case 'rows':
      case 'rejected':
        if (this.#isKnown(eventId)) {
          return;
        }
        break;
      default:
        this.stop();
    }
    this.#lastEventId = eventId ?? this.#lastEventId;
    this.#listener[name](data);
  }

  /**
   * Whether the known state already contains this event. Before the first state, every event is
   * ignored, because the first state will contain the event. A tab that takes the lead may send
   * some events again.
   */
  #isKnown(eventId) {
    return this.#job === null || !isAfter(eventId, this.#lastEventId);
  }

  /**
   * Whether the data is older than the known state. A fetched state and an event can overtake each
   * other. The attempt and the counts never fall, so data with a lower attempt or lower counts is
   * old.
   */
  #isStale(data) {
    const known = this.#job;
    return known !== null
      && (data.attempt < known.attempt
        || (data.attempt === known.attempt && amountOf({ ...known, ...data }) < amountOf(known)));
  }

  /** Reads the state of the job while there is no stream. */
  async #poll() {
    const answer = await getJob(this.#id).catch((failure) => failure);
    if (this.#ended.signal.aborted) {
      return;
    }
    if (!(answer instanceof Error)) {
      this.#publish('connection', 'open');
      this.share(answer);
    } else if (answer instanceof Refusal && answer.status === 404) {
      this.#publish('unknown', answer.problem);
    } else if (this.#claim !== null) {
      this.#publish('connection', 'lost');
    }
  }

  /**
   * Asks the server for the state of the job if no data was received for some time. A connection or
   * a leading tab can fail without notice, for example after sleep or a change of network. This
   * code does not see heartbeats. While no tab leads, these requests keep a hidden tab up to date.
   */
  async #askWhenSilent() {
    const { status } = this.#job ?? {};
    const patience = document.hidden
      ? SILENCE_MILLIS
      : { QUEUED: QUEUE_MILLIS, RUNNING: STILL_MILLIS }[status] ?? SILENCE_MILLIS;
    if (Date.now() - this.#lastSign < patience) {
      return;
    }
    this.#lastSign = Date.now();
    if (this.#claim === null) {
      await this.#poll();
      return;
    }
    const amount = this.#job === null ? null : amountOf(this.#job);
    const job = await getJob(this.#id).catch(() => null);
    if (job === null || this.#ended.signal.aborted) {
      return;
    }
    if (isFinished(job) || job.status === 'QUEUED') {
      this.share(job);
    } else if (amount !== null && amountOf(job) !== amount && amountOf(this.#job) === amount) {
      this.#claimLead({ steal: CAN_SHARE });
    } else if (this.#leading !== null && this.#connection === 'open') {
      this.#publish('connection', 'open');
    }
  }
}

const outputOf = (job) => (job?.output === undefined ? {} : { output: job.output });

/** Whether an event ID (attempt-sequence) comes after another event ID. */
function isAfter(eventId, other) {
  if (eventId === null || other === null) {
    return true;
  }
  const [attempt, sequence] = eventId.split('-').map(Number);
  const [otherAttempt, otherSequence] = other.split('-').map(Number);
  return attempt > otherAttempt || (attempt === otherAttempt && sequence > otherSequence);
}

/**
 * Occupies one of the slots for streams of this browser while `use` runs. Returns false if no slot
 * is free.
 */
export async function inFreeSlot(use) {
  if (!CAN_SHARE) {
    await use();
    return true;
  }
  for (let slot = 1; slot <= STREAM_SLOTS; slot++) {
    const used = await navigator.locks.request(`waybill-stream-${slot}`, { ifAvailable: true },
      async (lock) => {
        if (lock === null) {
          return false;
        }
        await use();
        return true;
      });
    if (used) {
      return true;
    }
  }
  return false;
}

function pause(millis, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
