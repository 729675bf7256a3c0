import { getPage } from './api.js';

/**
 * The number of rows in one page. Live events contain the first 100 rows of a job, so there is no
 * gap between the live rows and the fetched pages.
 */
const PAGE = 100;

/**
 * The rejected rows that are known so far, by row number. The rows come from live events and from
 * fetched pages. Live events contain only the first 100 rows of a job. After a reload, earlier live
 * events are missing.
 */
export class Rejections {
  #byRow = new Map();
  #pageStart = null;
  #next = null;
  #fetched = false;
  #fetching = null;

  add(rejections) {
    for (const rejection of rejections) {
      this.#byRow.set(rejection.row, rejection);
    }
  }

  get size() {
    return this.#byRow.size;
  }

  /** The first rejected rows, in the order of the file. */
  first(limit) {
    return [...this.#byRow.values()].sort((a, b) => a.row - b.row).slice(0, limit);
  }

  /**
   * Fetches rows until `wanted` rows are known or the server has no more rows at the moment. Calls
   * run one after the other.
   */
  async fetch(link, wanted) {
    this.#fetching = (this.#fetching ?? Promise.resolve())
      .catch(() => {})
      .then(() => this.#fetchUntil(link, wanted));
    return this.#fetching;
  }

  async #fetchUntil(link, wanted) {
    let more = true;
    while (more && (!this.#fetched || this.size < wanted)) {
      // If there is no next page yet, reads the last page again, because this page may have grown.
      const after = this.#next ?? this.#pageStart;
      const page = await getPage(link, after, PAGE);
      this.#pageStart = after;
      this.#next = page.next;
      this.#fetched = true;
      this.add(page.items);
      more = page.next !== null;
    }
  }
}
