/** The minimum time between two notes of the state of a job. */
const NOTE_MILLIS = 1_000;
/** The number of notes from which the estimate is computed. */
const WINDOW_NOTES = 30;
/**
 * The number of notes over which one speed is measured. Commits come in bursts, so a speed must be
 * measured over several notes.
 */
const SPAN_NOTES = 5;
const FEWEST_SPANS = 3;
/** The time without progress after which the page says that the job makes no progress. */
const STILL_MILLIS = 10_000;

/**
 * The speed of a job, measured by this page. The server's own rate is the average of the whole
 * attempt. The average hides that a job has become slower or makes no progress.
 *
 * All times are milliseconds of a clock that never goes back.
 */
export class Pace {
  /** The notes {at, done} of the last seconds, oldest first. */
  #notes = [];
  #moved = null;
  #movedAt = 0;

  /**
   * Takes the newest state. Called for each event, and one time a second while no event comes.
   *
   * @param moved a number that changes whenever the job makes progress, such as the number of rows
   * @param done the work that is done, in the unit of the remaining work, such as bytes
   */
  take(at, moved, done) {
    if (moved !== this.#moved) {
      this.#moved = moved;
      this.#movedAt = at;
    }
    const last = this.#notes.at(-1);
    if (last === undefined || at - last.at >= NOTE_MILLIS) {
      this.#notes = [...this.#notes.slice(-WINDOW_NOTES), { at, done }];
    }
  }

  /** Deletes all notes, because the page has not received the state of the job for some time. */
  reset() {
    this.#notes = [];
    this.#moved = null;
  }

  /**
   * The number of seconds for which the job has made no progress, or null if the job makes
   * progress.
   */
  stillSeconds(at) {
    const millis = at - this.#movedAt;
    return this.#moved === null || millis < STILL_MILLIS ? null : millis / 1_000;
  }

  /**
   * Estimates the number of seconds until the job ends. `low` assumes the fastest speed of the last
   * half minute, and `high` assumes the slowest speed.
   *
   * @param remaining the remaining work, in the unit of `done`
   * @returns {{low: number, high: number|null}|null} `high` is null if the job made no progress for
   *     a part of that time. The result is null if there is too little data for an estimate
   */
  left(remaining) {
    const speeds = this.#speeds();
    const fastest = Math.max(...speeds);
    if (speeds.length < FEWEST_SPANS || fastest <= 0) {
      return null;
    }
    const slowest = Math.min(...speeds);
    return {
      low: remaining / fastest,
      high: slowest > 0 ? remaining / slowest : null,
    };
  }

  /** The speed over each span of some seconds, in units of `done` a second. */
  #speeds() {
    const notes = this.#notes;
    const length = Math.min(SPAN_NOTES, Math.max(1, Math.floor(notes.length / 3)));
    return notes.slice(length).map(({ at, done }, from) =>
      (done - notes[from].done) / ((at - notes[from].at) / 1_000));
  }
}
