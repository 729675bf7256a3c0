/** The state of a job is noted at most this often. */
const NOTE_MILLIS = 1_000;
/** The estimate uses the speed of this time. */
const WINDOW_NOTES = 30;
/** Commits come in bursts, so a speed is measured over several notes. */
const SPAN_NOTES = 5;
const FEWEST_SPANS = 3;
/** After this time without movement the page says so. */
const STILL_MILLIS = 10_000;

/**
 * How fast a job moves, as this page sees it. The server's own rate is the average of the whole
 * attempt, which hides that a job has become slower or stands still.
 *
 * All times are milliseconds of a clock that never goes back.
 */
export class Pace {
  /** {at, done} of the last seconds, oldest first. */
  #notes = [];
  #moved = null;
  #movedAt = 0;

  /**
   * Takes the newest state. Called for each event, and once a second while nothing comes.
   *
   * @param moved a number that changes whenever the job has moved, such as the rows
   * @param done how far the job is, in the unit of the remaining work, such as bytes
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

  /** Forgets everything, because the page has not seen the job for some time. */
  reset() {
    this.#notes = [];
    this.#moved = null;
  }

  /** For how many seconds the job has not moved, or null if it moves. */
  stillSeconds(at) {
    const millis = at - this.#movedAt;
    return this.#moved === null || millis < STILL_MILLIS ? null : millis / 1_000;
  }

  /**
   * In how many seconds the job ends if it continues as in the fastest and as in the slowest
   * seconds of the last half minute.
   *
   * @param remaining the remaining work, in the unit of `done`
   * @returns {{low: number, high: number|null}|null} `high` is null if the job has stood still in
   *     between; null if there is too little to estimate from
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
