import { fetchCsv } from './api.js';
import { queryOf } from './causes.js';
import { formatCsv, parseCsv } from './csv.js';

/** The columns that the service adds after the columns of the file. */
const ADDED = ['_row', '_error'];
/**
 * The maximum number of rows of one cause that the user can repair together. If there are more
 * rows, they are easier to correct in the file itself.
 */
const MOST_ROWS = 10_000;

/**
 * The rejected rows of a job that the user repairs. The user opens one cause after the other and
 * corrects the cells of the rows of this cause. The changed rows of all causes are sent together.
 */
export class Repair {
  /** The cause that is open, or null. */
  cause = null;
  headers = [];
  /** The rows of the open cause. Each row has its number in the file, its error and its cells. */
  rows = [];
  /** The index of the column with the error, or -1 if the cause concerns whole rows. */
  column = -1;
  truncated = false;
  /**
   * The number of rows of the open cause that are left out, because this browser has sent these
   * rows before.
   */
  left = 0;
  /**
   * The changes of the user, in order, so that the page can make the same changes again after a
   * reload.
   */
  edits = [];
  /** Whether the list also contains rows that were sent before. */
  again;
  #sentBefore;
  #toRepeat;
  /** The fetched rows of each cause, by the query of the cause. */
  #parts = new Map();
  /** All rows that were fetched, by number. A row can have several causes. */
  #rows = new Map();

  /**
   * @param sentBefore {Set<number>} the numbers of the rows that this browser has sent before
   * @param kept {{edits, again}} the kept values of an earlier repair of this job
   */
  constructor(job, sentBefore, { edits = [], again = false } = {}) {
    this.job = job;
    this.#sentBefore = sentBefore;
    this.#toRepeat = [...edits];
    this.again = again;
  }

  /**
   * Fetches the rows of a cause.
   *
   * @returns whether the cause is open now; false if the user has opened another cause in the
   *     meantime
   */
  async open(cause) {
    this.cause = cause;
    await this.#repeat();
    const part = await this.#part(cause);
    if (this.cause !== cause) {
      return false;
    }
    Object.assign(this, part);
    return true;
  }

  close() {
    this.cause = null;
  }

  /** Adds the rows that were sent before to the list of the open cause. */
  async listAgain() {
    this.again = true;
    this.#parts.clear();
    try {
      return await this.open(this.cause);
    } catch (failure) {
      this.again = false;
      throw failure;
    }
  }

  /**
   * The values of the column with the error, each with its number of rows. The most frequent value
   * comes first.
   */
  get values() {
    const counts = new Map();
    for (const { cells } of this.rows) {
      const value = cells[this.column];
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts].sort(([, a], [, b]) => b - a);
  }

  /** The changed rows of all causes, in the order of the file. */
  get changed() {
    return [...this.#rows.values()].filter(({ changed }) => changed).sort((a, b) => a.row - b.row);
  }

  edit({ row }, column, value) {
    this.#make({ cause: this.cause, row, column, value }, this);
  }

  /**
   * Sets the column with the error to a value. Does this in all rows, or only in rows that have the
   * value `only`.
   */
  replace(value, only = null) {
    this.#make({ cause: this.cause, only, value, again: this.again }, this);
  }

  /** Makes the same changes again that the user made before a reload. */
  async #repeat() {
    while (this.#toRepeat.length > 0) {
      const [edit] = this.#toRepeat;
      const part = await this.#part(edit.cause);
      if (this.#toRepeat[0] === edit) {
        this.#toRepeat.shift();
        this.#make(edit, part);
      }
    }
  }

  /**
   * @param edit one change. `again` says whether a replacement also concerns rows that were sent
   *     before. A replacement does not concern such rows if they were listed only after the
   *     replacement
   */
  #make({ cause: { code, column: name }, row: number, column, only, value, again = false }, part) {
    if (number === undefined) {
      part.rows
        .filter(({ row }) => again || !this.#sentBefore.has(row))
        .filter(({ cells }) => only === null || cells[part.column] === only)
        .forEach((row) => set(row, part.column, value));
      this.edits.push({ cause: { code, column: name }, only, value, again });
    } else if (this.#rows.has(number)) {
      set(this.#rows.get(number), column, value);
      this.edits.push({ cause: { code, column: name }, row: number, column, value });
    }
  }

  async #part(cause) {
    const query = String(queryOf(cause));
    if (!this.#parts.has(query)) {
      this.#parts.set(query, await this.#fetch(query, cause));
    }
    return this.#parts.get(query);
  }

  async #fetch(query, cause) {
    const { rejections } = this.job.links;
    const [header, ...records] = parseCsv(await fetchCsv(`${rejections}?${query}`));
    const own = header.length - ADDED.length;
    const headers = header.slice(0, own);
    const listed = records.filter((record) => this.again || !this.#sentBefore.has(numberOf(record)));
    return {
      headers,
      column: headers.indexOf(cause.column),
      left: records.length - listed.length,
      truncated: listed.length > MOST_ROWS,
      rows: listed.slice(0, MOST_ROWS).map((record) => this.#row(record, own)),
    };
  }

  #row(record, own) {
    const row = numberOf(record);
    if (!this.#rows.has(row)) {
      const cells = record.slice(0, own);
      this.#rows.set(row, { row, error: record.at(-1), cells, read: [...cells], changed: false });
    }
    return this.#rows.get(row);
  }

  /**
   * A file with only the changed rows, and with the columns that the service added. From these
   * columns, the service detects that it had put a ' before cells that a spreadsheet would run as a
   * formula. The service then removes this character again.
   */
  toFile() {
    const records = [
      [...this.headers, ...ADDED],
      ...this.changed.map(({ row, error, cells }) => [...cells, String(row), error]),
    ];
    const stem = (this.job.fileName ?? 'products').replace(/\.[^.]*$/, '');
    return new File([formatCsv(records)], `${stem}-repaired.csv`, { type: 'text/csv' });
  }

  /**
   * The query of the upload. With this query, the service reads the file with the settings of the
   * import that rejected the rows.
   */
  query(file) {
    return new URLSearchParams({
      fileName: file.name,
      charset: 'UTF-8',
      delimiter: 'comma',
      parent: this.job.transactionId,
    });
  }
}

const numberOf = (record) => Number(record.at(-2));

function set(row, column, value) {
  row.cells[column] = value;
  row.changed = row.cells.some((cell, at) => cell !== row.read[at]);
}
