import { getPage } from './api.js';

/**
 * Rows in one page. Live events have the first 100 rows of a job, so there is no gap between them
 * and the fetched pages.
 */
const PAGE = 100;

/**
 * The rejected rows known so far, by row number. They come from live events and from fetched pages.
 * Live events have only the first 100 rows of a job, and none from before a reload.
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

  /** The first rejected rows, in file order. */
  first(limit) {
    return [...this.#byRow.values()].sort((a, b) => a.row - b.row).slice(0, limit);
  }

  /**
   * Fetches until `wanted` rows are known or the server has no more for now. Calls run one after
   * the other.
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
      // If there is no next page yet, the last page is read again, because it may have grown.
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
