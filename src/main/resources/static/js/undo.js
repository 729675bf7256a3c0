import { getPage } from './api.js';

/** Whether a job is an undo. An undo takes back the changes of another job, product by product. */
export const isUndo = (job) => job?.kind === 'csv-undo';

/**
 * The ID of the job that must be undone so that the values of this job are taken back. Null if
 * these values are already taken back, or if another undo is not finished. If an earlier undo of
 * this job was itself undone, the last undo in this chain must be undone.
 */
export function undoTarget({ transactionId, undone }) {
  if (undone === undefined) {
    return transactionId;
  }
  return undone.reversedAt === undefined ? null : undone.reversedBy;
}

/** The outcomes of an undo for products, by their names in the API. */
export const RESULTS = ['kept', 'missing', 'reversed'];

const PAGE = 50;

/**
 * The products of an undo by their outcome. Contains only the products that were already fetched.
 */
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
