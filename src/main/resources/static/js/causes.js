import { getCauses } from './api.js';

const REFRESH_MILLIS = 1_500;

/**
 * The causes for which rows of a job were rejected, most frequent first. Events do not contain the
 * causes, so they are fetched.
 */
export class Causes {
  list = [];
  version = 0;
  /** Only the rows of this cause are listed; null lists all. */
  shown = null;
  #rejected = 0;
  #last = 0;

  /**
   * Whether the causes must be fetched again. While the job runs, they are fetched only now and
   * then.
   */
  isOld({ counts: { rejected } }, ended) {
    return rejected > this.#rejected
      && (ended || (!document.hidden && Date.now() - this.#last > REFRESH_MILLIS));
  }

  async fetch({ transactionId, counts: { rejected } }) {
    const [before, last] = [this.#rejected, this.#last];
    this.#rejected = rejected;
    this.#last = Date.now();
    try {
      this.list = await getCauses(transactionId);
      this.version++;
    } catch (failure) {
      [this.#rejected, this.#last] = [before, last];
      throw failure;
    }
  }

  show(cause) {
    this.shown = cause;
    this.version++;
  }
}

/** The query for the rejected rows of one cause. */
export function queryOf({ code, column }) {
  return new URLSearchParams({ code, column: column ?? '' });
}
