import { getCauses } from './api.js';

const REFRESH_MILLIS = 1_500;

/**
 * The causes for which rows of a job were rejected, the most frequent cause first. Events do not
 * contain the causes, so the page fetches the causes.
 */
export class Causes {
  list = [];
  version = 0;
  /** The cause whose rows are listed; null to list all rows. */
  shown = null;
  #rejected = 0;
  #last = 0;

  /**
   * Whether the causes must be fetched again. While the job runs, the causes are fetched only from
   * time to time.
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

  /** The sum of all causes. A row that has several causes counts several times. */
  get total() {
    return this.list.reduce((sum, { count }) => sum + count, 0);
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
