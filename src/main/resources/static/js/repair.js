import { fetchCsv } from './api.js';
import { queryOf } from './causes.js';
import { formatCsv, parseCsv } from './csv.js';

/** What the service adds behind the columns of the file. */
const ADDED = ['_row', '_error'];
/** Rows that are repaired at once. More of them are better mended in the file. */
const MOST_ROWS = 10_000;

/** Rejected rows of one cause, whose cells the user corrects and sends again. */
export class Repair {
  headers = [];
  /** Each with its number in the file, what is wrong, its cells, and whether they were changed. */
  rows = [];
  /** The index of the column that is to blame, or -1 for a cause of whole rows. */
  column = -1;
  truncated = false;

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

  /** The values of the column to blame, each with the number of its rows, most frequent first. */
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
    row.cells[column] = value;
    row.changed = true;
  }

  /** One value for every row, or for those that have a certain value now. */
  replace(value, only = null) {
    for (const row of this.rows) {
      if (only === null || row.cells[this.column] === only) {
        this.edit(row, this.column, value);
      }
    }
  }

  /**
   * The changed rows alone, with the columns that the service added: by them it knows that it put
   * a ' before cells which a spreadsheet would run as a formula, and takes it off again.
   */
  toFile() {
    const records = [
      [...this.headers, ...ADDED],
      ...this.changed.map(({ row, error, cells }) => [...cells, String(row), error]),
    ];
    const stem = (this.job.fileName ?? 'products').replace(/\.[^.]*$/, '');
    return new File([formatCsv(records)], `${stem}-repaired.csv`, { type: 'text/csv' });
  }

  /** The query of the upload. The file is read by the settings of the import that rejected it. */
  query(file) {
    return new URLSearchParams({
      fileName: file.name,
      charset: 'UTF-8',
      delimiter: 'comma',
      parent: this.job.transactionId,
    });
  }
}
