import { fetchCsv } from './api.js';
import { queryOf } from './causes.js';
import { formatCsv, parseCsv } from './csv.js';

/** The columns that the service adds after the columns of the file. */
const ADDED = ['_row', '_error'];
/** The most rows of one repair. More rows are easier to correct in the file itself. */
const MOST_ROWS = 10_000;

/** Rejected rows of one cause. The user corrects their cells and sends the rows again. */
export class Repair {
  headers = [];
  /** Each row has its number in the file, its error, its cells, and whether it was changed. */
  rows = [];
  /** The index of the column with the error, or -1 if the cause concerns whole rows. */
  column = -1;
  truncated = false;
  /** What the user has changed, in order, so that it can be done again after a reload. */
  edits = [];

  constructor(job, cause) {
    this.job = job;
    this.cause = cause;
  }

  async fetch() {
    const { rejections } = this.job.links;
    const [header, ...records] = parseCsv(await fetchCsv(`${rejections}?${queryOf(this.cause)}`));
    const own = header.length - ADDED.length;
    this.headers = header.slice(0, own);
    this.column = this.headers.indexOf(this.cause.column);
    this.truncated = records.length > MOST_ROWS;
    this.rows = records.slice(0, MOST_ROWS).map((record) => ({
      row: Number(record.at(-2)),
      error: record.at(-1),
      cells: record.slice(0, own),
      changed: false,
    }));
  }

  /** The values of the column with the error, each with its number of rows, most frequent first. */
  get values() {
    const counts = new Map();
    for (const { cells } of this.rows) {
      const value = cells[this.column];
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts].sort(([, a], [, b]) => b - a);
  }

  get changed() {
    return this.rows.filter(({ changed }) => changed);
  }

  edit(row, column, value) {
    this.edits.push({ row: row.row, column, value });
    this.#set(row, column, value);
  }

  /**
   * Sets the column with the error to a value, in all rows or only in rows that have the value
   * `only`.
   */
  replace(value, only = null) {
    this.edits.push({ only, value });
    for (const row of this.rows) {
      if (only === null || row.cells[this.column] === only) {
        this.#set(row, this.column, value);
      }
    }
  }

  /** Makes the same changes again that the user made before a reload. */
  repeat(edits) {
    const rows = new Map(this.rows.map((row) => [row.row, row]));
    for (const { row, column, only, value } of edits) {
      if (row === undefined) {
        this.replace(value, only);
      } else if (rows.has(row)) {
        this.edit(rows.get(row), column, value);
      }
    }
  }

  #set(row, column, value) {
    row.cells[column] = value;
    row.changed = true;
  }

  /**
   * A file with only the changed rows, and with the columns that the service added. These columns
   * show the service that it had put a ' before cells that a spreadsheet would run as a formula.
   * The service removes this character again.
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
   * The query of the upload. It makes the service read this file with the settings of the import
   * that rejected the rows.
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
