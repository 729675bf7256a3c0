/** The minimum time between two notes at the start of a job. A long job gets fewer notes. */
const NOTE_MILLIS = 1_000;
const MOST_NOTES = 240;
const STORED = 'waybill.throughput';

/**
 * The rate of a job over time, from the moment at which this tab started to watch the job. The
 * rates survive a reload, but only for the job that the tab has shown last.
 */
export class Throughput {
  #id;
  /**
   * The notes {at, amount}, oldest first. `amount` is the amount of work that was done at the time
   * `at` in milliseconds.
   */
  #notes;
  #stepMillis = NOTE_MILLIS;
  version = 0;

  constructor(id) {
    this.#id = id;
    this.#notes = stored(id);
  }

  /** Notes the amount of work that is done now. */
  take(at, amount) {
    const last = this.#notes.at(-1);
    if (last === undefined || at - last.at >= this.#stepMillis) {
      this.#note(at, amount);
    }
  }

  /**
   * Notes the amount of work that is done at the end. Does nothing if this tab has not seen the job
   * running.
   */
  end(at, amount) {
    const last = this.#notes.at(-1);
    if (last === undefined || at <= last.at) {
      return;
    }
    if (at - last.at < this.#stepMillis / 2 && this.#notes.length > 1) {
      this.#notes.pop(); // a rate over a moment would be a spike that nobody has seen
    }
    this.#note(at, amount);
  }

  #note(at, amount) {
    this.#notes.push({ at, amount });
    if (this.#notes.length > MOST_NOTES) {
      // Leaves out every second note. The amounts are cumulative, so the result is the average rate
      // of two spans.
      this.#notes = this.#notes.filter((_, index) => index % 2 === 0);
      this.#stepMillis *= 2;
    }
    this.version++;
  }

  /**
   * The rates. Each entry has the number of seconds since the first note, and the rate up to this
   * time.
   */
  get rates() {
    const [first, ...later] = this.#notes;
    return later.map(({ at, amount }, index) => {
      const before = this.#notes[index];
      return {
        seconds: (at - first.at) / 1_000,
        rate: (amount - before.amount) / ((at - before.at) / 1_000),
      };
    });
  }

  /** The average rate since the first note. */
  get average() {
    const [first, last] = [this.#notes[0], this.#notes.at(-1)];
    return (last.amount - first.amount) / ((last.at - first.at) / 1_000);
  }

  /** Stores the notes, so that the next page of this tab can continue. */
  save() {
    if (this.#notes.length === 0) {
      return;
    }
    try {
      sessionStorage.setItem(STORED, JSON.stringify({ id: this.#id, notes: this.#notes }));
    } catch {
      // The storage is full or blocked, so the next page starts without notes.
    }
  }
}

function stored(id) {
  try {
    const { id: job, notes } = JSON.parse(sessionStorage.getItem(STORED) ?? '{}');
    return job === id && Array.isArray(notes) ? notes : [];
  } catch {
    return [];
  }
}
