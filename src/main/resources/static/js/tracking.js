import { Refusal, cancelJob, getJob, getPage } from './api.js';
import { Causes, queryOf } from './causes.js';
import { Changes } from './changes.js';
import { UndoneProducts, isUndo } from './undo.js';
import { Watch } from './watch.js';
import { Pace } from './pace.js';
import { Rejections } from './rejections.js';
import { Throughput } from './throughput.js';
import { isFinished } from './stream.js';
import { isExternal, withChunk } from './external.js';
import { measureOf } from './measure.js';
import { phaseOf } from './phases.js';

export const ROWS_AT_A_TIME = 50;
/**
 * The maximum number of rejected rows of a job that live events contain. Rows that are missing
 * after a reload are fetched.
 */
const LIVE_REJECTIONS = 100;
/**
 * The maximum time between two drawings of the page while a job runs. The page shows for how long
 * the job has made no progress, so it must be drawn again even without an event.
 */
const TICK_MILLIS = 1_000;
const RETRY_MILLIS = 3_000;
const RETRY_MAX_MILLIS = 30_000;

/**
 * The known state of one watched job. Calls `changed` after every change and `failed` after a
 * failed fetch. Calls `recovered` when the connection works again and no fetch is missing.
 */
export class Tracking {
  job = null;
  connected = true;
  unknown = null;
  /**
   * The products. While the import runs, the newest products come first. After the end, the
   * products are in the order of the file.
   */
  products = [];
  freshProducts = 0;
  productsNext = null;
  productsVersion = 0;
  rejections = new Rejections();
  rejectionsLimit = ROWS_AT_A_TIME;
  rejectionsVersion = 0;
  causes = new Causes();
  /** The rejected rows of the cause that is shown. */
  rowsOfCause = { items: [], next: null };
  changes = new Changes();
  undone = new UndoneProducts();
  pace = new Pace();
  throughput;
  #changed;
  #failed;
  #recovered;
  #watch;
  /** The fetches that failed and will be retried, by the name of the data that they fetch. */
  #missing = new Map();
  #retrying = 0;
  #askedPlace = false;
  #retryMillis = RETRY_MILLIS;
  #ticking;
  #stopped = new AbortController();

  constructor(id, { changed, failed, recovered }) {
    this.id = id;
    this.#changed = changed;
    this.#failed = failed;
    this.#recovered = recovered;
    this.#ticking = setInterval(() => this.#tick(), TICK_MILLIS);
    this.throughput = new Throughput(id);
    addEventListener('pagehide', () => this.throughput.save(), { signal: this.#stopped.signal });
    this.#watch = new Watch(id, {
      snapshot: (job) => this.#take(job),
      progress: (part) => this.#progress(part),
      rows: ({ products }) => this.#rows(products),
      rejected: ({ rejections }) => this.#rejected(rejections),
      chunk: (chunk) => this.#chunk(chunk),
      end: (job) => this.#end(job),
      connection: (state) => this.#connection(state === 'open'),
      unknown: (problem) => this.#unknown(problem),
    });
  }

  get phase() {
    return this.unknown === null ? phaseOf(this.job, this.connected) : 'unknown';
  }

  get ended() {
    return this.unknown !== null || (this.job !== null && isFinished(this.job));
  }

  get knowsAllProducts() {
    return this.productsNext === null;
  }

  /** The rejected rows to list, their total number, and whether there are more. */
  get listedRejections() {
    const { shown } = this.causes;
    if (shown !== null) {
      const { items, next } = this.rowsOfCause;
      return { rows: items, total: Math.max(shown.count, items.length), more: next !== null };
    }
    const rows = this.rejections.first(this.rejectionsLimit);
    const { rejected } = this.job.counts;
    return { rows, total: Math.max(rejected, rows.length), more: rows.length < rejected };
  }

  stop() {
    this.#watch.stop();
    clearTimeout(this.#retrying);
    clearInterval(this.#ticking);
    this.throughput.save();
    this.#stopped.abort();
    this.#changed = () => {};
    this.#failed = () => {};
    this.#recovered = () => {};
  }

  /**
   * Stores how the job was undone. A job is undone after its end, so no event of the job contains
   * this information.
   */
  learnUndone(undone) {
    this.job = { ...this.job, undone };
    this.#changed();
  }

  /** Requests a cancel of the job. The status of the job stays the same until the final event. */
  async cancel() {
    this.#watch.share(await cancelJob(this.id));
    if (!this.ended) {
      this.job = { ...this.job, cancelRequested: true };
      this.#changed();
    }
  }

  async moreRejections() {
    if (this.causes.shown !== null) {
      await this.#fetchRowsOfCause(this.rowsOfCause.items, this.rowsOfCause.next);
      return;
    }
    const limit = this.rejectionsLimit + ROWS_AT_A_TIME;
    await this.#fetchRejections(Math.min(limit, this.job.counts.rejected));
    this.rejectionsLimit = limit;
    this.rejectionsVersion++;
    this.#changed();
  }

  /** Lists only the rejected rows of one cause, or all rejected rows for null. */
  async showCause(cause) {
    this.causes.show(cause);
    this.rowsOfCause = { items: [], next: null };
    this.rejectionsVersion++;
    this.#changed();
    if (cause !== null) {
      await this.#fetch('cause', () => this.#fetchRowsOfCause([], null));
    }
  }

  async #fetchRowsOfCause(before, after) {
    const { shown } = this.causes;
    if (shown === null) {
      return;
    }
    const link = `${this.job.links.rejections}?${queryOf(shown)}`;
    const page = await getPage(link, after, ROWS_AT_A_TIME);
    if (this.causes.shown === shown) {
      this.rowsOfCause = { items: [...before, ...page.items], next: page.next };
      this.rejectionsVersion++;
      this.#changed();
    }
  }

  filterChanges(filter) {
    return this.#fetch('changes', async () => {
      await this.changes.fetch(this.job.links.changes, filter);
      this.#changed();
    });
  }

  async moreChanges() {
    await this.changes.more();
    this.#changed();
  }

  moreUndone(result) {
    return this.#fetch('undone', async () => {
      await this.undone.more(this.job, result);
      this.#changed();
    });
  }

  async moreProducts() {
    const page = await getPage(this.job.links.products, this.productsNext, ROWS_AT_A_TIME);
    this.products = [...this.products, ...page.items];
    this.productsNext = page.next;
    this.productsVersion++;
    this.#changed();
  }

  #tick() {
    if (this.ended) {
      clearInterval(this.#ticking);
    } else if (document.hidden) {
      // Resets the pace. A hidden tab may get no events, so it cannot know whether the job makes
      // progress.
      this.pace.reset();
    } else if (this.job?.status === 'RUNNING') {
      this.#note();
      this.#changed();
    }
  }

  /** Notes the progress of the job now, for the estimate of the remaining time. */
  #note() {
    if (this.job?.status === 'RUNNING' && this.connected) {
      const { moved, amount, done } = measureOf(this.job);
      this.pace.take(performance.now(), moved, done);
      this.throughput.take(Date.now(), amount);
    }
  }

  #take(job) {
    if (job.attempt !== this.job?.attempt) {
      this.pace.reset();
    }
    this.#takeState(job);
    this.#note();
  }

  #takeState(job) {
    if (isExternal(job)) {
      this.#takeExternal(job);
      return;
    }
    if (isUndo(job)) {
      this.job = { ...job, cancelRequested: job.cancelRequested || this.job?.cancelRequested };
      this.#changed();
      return;
    }
    this.job = {
      ...job,
      mapping: job.mapping ?? this.job?.mapping,
      notices: job.notices ?? this.job?.notices,
      summary: job.summary ?? this.job?.summary,
      queuePosition: job.queuePosition ?? this.job?.queuePosition,
      cancelRequested: job.cancelRequested || this.job?.cancelRequested,
    };
    this.#changed();
    if (job.status === 'QUEUED' && job.queuePosition === undefined && !this.#askedPlace) {
      // Events do not contain the position in the queue, because it changes without an event.
      this.#askedPlace = true;
      this.#fetch('place', async () => this.#watch.share(await getJob(this.id)));
    }
    if (job.omitted?.includes('mapping') && this.job.mapping === undefined) {
      this.#fetch('mapping', () => this.#fetchMapping());
    }
    const wanted = Math.min(job.counts.rejected, LIVE_REJECTIONS);
    if (this.rejections.size < wanted) {
      this.#fetch('rejections', () => this.#fetchRejections(wanted));
    }
    this.#refreshCauses();
  }

  #refreshCauses() {
    if (this.causes.isOld(this.job, this.ended)) {
      this.#fetch('causes', async () => {
        await this.causes.fetch(this.job);
        this.#changed();
      });
    }
  }

  #takeExternal(job) {
    const { output } = { ...this.job, ...job };
    this.job = {
      ...job,
      output,
      cancelRequested: job.cancelRequested || this.job?.cancelRequested,
    };
    this.#changed();
    if (output === undefined && job.outputBytes > 0) {
      // The final event does not contain the output, and this page has seen no earlier event.
      this.#fetch('output', async () => {
        this.job = { ...this.job, output: (await getJob(this.id)).output };
        this.#changed();
      });
    }
  }

  #chunk(chunk) {
    this.job = withChunk(this.job, chunk);
    this.#note();
    this.#changed();
  }

  #progress(part) {
    this.job = { ...this.job, ...part };
    this.#note();
    this.#changed();
    if (this.job.counts?.rejected > 0) {
      this.#refreshCauses();
    }
  }

  #rows(products) {
    const newest = products.map((product) => ({ product })).reverse();
    const skus = new Set(products.map((product) => product.sku));
    const older = this.products.filter(({ product }) => !skus.has(product.sku));
    this.products = [...newest, ...older].slice(0, ROWS_AT_A_TIME);
    this.freshProducts = newest.length;
    this.productsVersion++;
    this.#changed();
  }

  #rejected(rejections) {
    this.rejections.add(rejections);
    this.rejectionsVersion++;
    this.#changed();
  }

  #end(job) {
    this.#take(job);
    this.throughput.end(Date.now(), measureOf(this.job).amount);
    if (isExternal(job)) {
      return;
    }
    if (isUndo(job)) {
      this.#fetch('undone', async () => {
        await this.undone.fetch(this.job);
        this.#changed();
      });
      return;
    }
    if (job.counts.updated > 0 && job.links.changes !== undefined) {
      this.filterChanges(this.changes.filter);
    }
    const { rows, rejected } = job.counts;
    if (rows > rejected && !job.dryRun) {
      this.#fetch('products', () => this.#listAccepted());
    }
  }

  async #listAccepted() {
    const page = await getPage(this.job.links.products, null, ROWS_AT_A_TIME);
    this.products = page.items;
    this.productsNext = page.next;
    this.freshProducts = 0;
    this.productsVersion++;
    this.#changed();
  }

  /**
   * Fetches data. If the fetch fails, retries it after a pause, and when the stream works again.
   */
  async #fetch(what, fetch) {
    try {
      await fetch();
      this.#missing.delete(what);
      this.#retryMillis = RETRY_MILLIS;
      if (this.#missing.size === 0) {
        this.#recovered();
      }
    } catch (failure) {
      this.#failed(failure);
      if (!(failure instanceof Refusal && failure.status < 500 && failure.status !== 429)) {
        this.#missing.set(what, fetch);
        clearTimeout(this.#retrying);
        this.#retrying = setTimeout(() => this.#fetchMissing(), this.#retryMillis);
        this.#retryMillis = Math.min(2 * this.#retryMillis, RETRY_MAX_MILLIS);
      }
    }
  }

  #fetchMissing() {
    clearTimeout(this.#retrying);
    for (const [what, fetch] of this.#missing) {
      this.#fetch(what, fetch);
    }
  }

  /** Fetches the mapping, because an event leaves out a mapping that is too large. */
  async #fetchMapping() {
    const { mapping } = await getJob(this.id);
    this.job = { ...this.job, mapping };
    this.#changed();
  }

  async #fetchRejections(wanted) {
    await this.rejections.fetch(this.job.links.rejections, wanted);
    this.rejectionsVersion++;
    this.#changed();
  }

  #connection(connected) {
    if (this.connected !== connected) {
      this.connected = connected;
      this.pace.reset();
      if (connected && this.#missing.size === 0) {
        this.#recovered();
      } else if (connected) {
        this.#fetchMissing();
      }
      this.#changed();
    }
  }

  #unknown(problem) {
    this.unknown = problem;
    this.#changed();
  }
}
