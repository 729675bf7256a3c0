import { getCauses } from './api.js';

const REFRESH_MILLIS = 1_500;

/** Why the rows of a job were rejected, most frequent first. Events do not carry it. */
export class Causes {
  list = [];
  version = 0;
  /** The cause whose rows alone are listed, or null for all. */
  shown = null;
  #rejected = 0;
  #last = 0;

  /** Whether to fetch again now: at most now and then while the job runs. */
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

/** The query that keeps the rejected rows of one cause. */
export function queryOf({ code, column }) {
  return new URLSearchParams({ code, column: column ?? '' });
}
