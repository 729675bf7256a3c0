import { Refusal, getPreview, importPreview, patchPreview, saveProfile } from './api.js';

const RETRY_MILLIS = 2_000;

/**
 * A stored file that is not imported yet, with the settings for reading it. Calls `changed` after
 * every change. Calls `failed` if the server refuses a change of settings, and `saved` if the
 * server accepts the change.
 */
export class Review {
  preview = null;
  /** The problem that says why the preview no longer exists, or null. */
  gone = null;
  connected = true;
  /** The number of calls without an answer so far. */
  waiting = 0;
  #listener;
  #last = Promise.resolve();
  #stopped = new AbortController();

  constructor(id, listener) {
    this.id = id;
    this.#listener = listener;
    this.#inTurn(() => getPreview(id));
  }

  /**
   * The reason why the preview no longer exists: `expired`, `deleted` after this page has shown the
   * preview, or `unknown`. Another tab deletes a preview if the user leaves the preview or has
   * imported its file.
   */
  get whyGone() {
    if (isProblem(this.gone, 'expired')) {
      return 'expired';
    }
    return this.preview === null ? 'unknown' : 'deleted';
  }

  get phase() {
    if (this.gone !== null) {
      return 'gone';
    }
    if (!this.connected) {
      return 'reconnecting';
    }
    if (this.preview === null) {
      return 'connecting';
    }
    return this.preview.problem === null ? 'review' : 'asks';
  }

  stop() {
    this.#stopped.abort();
  }

  /**
   * Reads the preview again, because the saved settings that the preview offers may have changed.
   */
  refresh() {
    return this.#inTurn(() => getPreview(this.id));
  }

  /** Reads the file with other settings; null removes a setting. */
  set(settings) {
    return this.#inTurn(() => patchPreview(this.id, settings), () => this.#listener.saved());
  }

  /**
   * @param field the field; null to keep the column as an attribute, '-' to leave the column out
   */
  map(column, field) {
    return this.set({ mapping: [{ column, field }] });
  }

  /** Saves the settings under a name. Returns whether the settings are saved. */
  async saveProfile(name) {
    await this.#last; // changes that were made just before are saved, too
    try {
      await saveProfile(name, this.id);
      return true;
    } catch (failure) {
      if (!isGone(failure)) {
        throw failure;
      }
      this.#fail(failure);
      this.#changed();
      return false;
    }
  }

  /**
   * Creates the job that imports the file. In a dry run, the job only checks the file. Returns the
   * job.
   */
  async import(dryRun) {
    let job = null;
    await this.#inTurn(async () => {
      job = await importPreview(this.id, dryRun);
      const made = { ...this.preview.jobs, [dryRun ? 'dryRun' : 'import']: job.transactionId };
      return { ...this.preview, jobs: made };
    });
    return job;
  }

  /** Runs the calls one after the other, so that the answer to the last call is shown last. */
  #inTurn(call, done = () => {}) {
    this.waiting++;
    this.#last = this.#last.then(async () => {
      try {
        const preview = await this.#untilAnswered(call);
        if (preview !== null) {
          this.preview = preview;
          done();
        }
      } catch (failure) {
        this.#fail(failure);
      }
      this.waiting--;
      this.#changed();
    });
    this.#changed();
    return this.#last;
  }

  /**
   * Repeats a call until the server answers. A repetition is safe, because a second call has no
   * further effect.
   */
  async #untilAnswered(call) {
    while (!this.#stopped.signal.aborted) {
      try {
        const answer = await call();
        this.#connection(true);
        return answer;
      } catch (failure) {
        if (failure instanceof Refusal && failure.status < 500) {
          this.#connection(true);
          throw failure;
        }
        this.#connection(false);
        await pause(RETRY_MILLIS);
      }
    }
    return null;
  }

  #fail(failure) {
    if (this.#stopped.signal.aborted) {
      return;
    }
    if (isGone(failure)) {
      this.gone = failure.problem;
    } else {
      this.#listener.failed(failure);
    }
  }

  #connection(connected) {
    this.connected = connected;
    this.#changed();
  }

  #changed() {
    if (!this.#stopped.signal.aborted) {
      this.#listener.changed();
    }
  }
}

const isProblem = (problem, name) => problem.type?.endsWith(`:${name}`) ?? false;

const isGone = (failure) => failure instanceof Refusal
  && (isProblem(failure.problem, 'preview-unknown') || isProblem(failure.problem, 'expired'));

const pause = (millis) => new Promise((resolve) => { setTimeout(resolve, millis); });
