import { Refusal, getPage } from './api.js';

const PAGE = 50;

/**
 * The filters of a list of changes, as query parameters. An empty text means that there is no
 * filter.
 */
export const FALLING = 'price=falling';
export const RISING = 'price=rising';
export const ofField = (field) => `field=${field}`;

/**
 * The changes that a job makes in existing products, value by value. Contains only the changes that
 * were already fetched.
 */
export class Changes {
  items = [];
  next = null;
  filter = '';
  /** Whether the server has deleted the changes. */
  expired = false;
  version = 0;
  #link;

  /**
   * @param link the link of the job to its changes
   */
  async fetch(link, filter = this.filter) {
    this.#link = `${link}${filter === '' ? '' : `?${filter}`}`;
    this.filter = filter;
    try {
      const page = await getPage(this.#link, null, PAGE);
      if (this.filter === filter) {
        this.#take(page.items, page.next);
      }
    } catch (failure) {
      if (!(failure instanceof Refusal && failure.status === 410)) {
        throw failure;
      }
      this.expired = true;
      this.version++;
    }
  }

  async more() {
    const { filter } = this;
    const page = await getPage(this.#link, this.next, PAGE);
    if (this.filter === filter) {
      this.#take([...this.items, ...page.items], page.next);
    }
  }

  #take(items, next) {
    this.items = items;
    this.next = next;
    this.version++;
  }
}
