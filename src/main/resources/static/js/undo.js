import { getPage } from './api.js';

/** An undo takes back what a job has written, product by product. */
export const isUndo = (job) => job?.kind === 'csv-undo';

/**
 * The ID of the job that must be undone so that this job is no longer in force; null if it is not in
 * force, or if another undo is not finished. If an earlier undo of this job was undone itself, that
 * last undo must be undone.
 */
export function undoTarget({ transactionId, undone }) {
  if (undone === undefined) {
    return transactionId;
  }
  return undone.reversedAt === undefined ? null : undone.reversedBy;
}

/** The outcomes for products, in the words of the service. */
export const RESULTS = ['kept', 'missing', 'reversed'];

const PAGE = 50;

/** The products of an undo by their outcome, as far as they were fetched. */
export class UndoneProducts {
  lists = Object.fromEntries(RESULTS.map((result) => [result, { items: [], next: null }]));
  version = 0;

  async fetch({ links, counts }) {
    for (const result of RESULTS.filter((name) => counts[name] > 0)) {
      const { items, next } = await getPage(links[result], null, PAGE);
      this.lists[result] = { items, next };
      this.version++;
    }
  }

  async more({ links }, result) {
    const list = this.lists[result];
    const { items, next } = await getPage(links[result], list.next, PAGE);
    this.lists[result] = { items: [...list.items, ...items], next };
    this.version++;
  }
}
