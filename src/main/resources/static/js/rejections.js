import { getPage } from './api.js';

/** As many as live events carry (the first 100 of a job), so that no row between them is missing. */
const PAGE = 100;

/**
 * The rejected rows known so far, by row number: those of live events, merged with those that were
 * fetched. Live events carry only the first 100 of a job, and none from before a reload.
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

  /** Fetches until `wanted` rows are known or the server has no more now. One at a time. */
  async fetch(link, wanted) {
    this.#fetching = (this.#fetching ?? Promise.resolve())
      .catch(() => {})
      .then(() => this.#fetchUntil(link, wanted));
    return this.#fetching;
  }

  async #fetchUntil(link, wanted) {
    let more = true;
    while (more && (!this.#fetched || this.size < wanted)) {
      // The last page can have grown since then. Without a next page it is read again.
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
