import { Unreachable, upload } from './api.js';

/**
 * The time over which the speed is measured. With this time, the speed follows changes of the
 * connection but does not vary too much.
 */
const WINDOW_MILLIS = 5_000;

/** One file to send. The state of a file is waiting, sending, accepted or failed. */
class OutgoingFile {
  state = 'waiting';
  sent = 0;
  /** The job or the preview that the server has made from the file. */
  answer = null;
  failure = null;
  // The idempotency key of the upload. The first request may have arrived although no answer came.
  // Then a second request with the same key returns the job of the first request.
  #key = newKey();
  #samples = [];
  #stopping = new AbortController();

  constructor(file, parameters) {
    this.file = file;
    this.parameters = parameters;
    this.total = file.size;
  }

  get dryRun() {
    return this.parameters.has('dryRun');
  }

  get preview() {
    return this.parameters.has('preview');
  }

  get brokeOff() {
    return this.failure instanceof Unreachable;
  }

  /** The measured speed; null until there are two measurements. */
  get bytesPerSecond() {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    return this.#samples.length < 2 || last.at === first.at
      ? null
      : (1000 * (last.sent - first.sent)) / (last.at - first.at);
  }

  get secondsLeft() {
    return this.bytesPerSecond ? (this.total - this.sent) / this.bytesPerSecond : null;
  }

  async send(changed) {
    this.state = 'sending';
    this.failure = null;
    this.#samples = [{ at: performance.now(), sent: 0 }];
    this.#stopping = new AbortController();
    const progress = (sent, total) => {
      this.#progress(sent, total);
      changed();
    };
    try {
      this.answer = await upload(
        this.file, this.parameters, this.#key, progress, this.#stopping.signal);
      this.state = 'accepted';
    } catch (failure) {
      this.failure = failure;
      this.state = 'failed';
    }
  }

  stop() {
    this.#stopping.abort();
  }

  #progress(sent, total) {
    Object.assign(this, { sent, total });
    const now = performance.now();
    this.#samples.push({ at: now, sent });
    this.#samples = this.#samples.filter(({ at }) => now - at <= WINDOW_MILLIS);
  }
}

/** Sends files to the server one after the other, so that they do not share the bandwidth. */
export class Sending {
  files;
  #stopped = false;
  #changed;
  #accepted;

  /**
   * @param parameters a function that returns the query for the upload of a file
   * @param changed called after every change, also after a change of the progress
   * @param accepted called with each job or preview that the server has made from a file
   */
  constructor(files, parameters, changed, accepted) {
    this.files = files.map((file) => new OutgoingFile(file, parameters(file)));
    this.#changed = changed;
    this.#accepted = accepted;
  }

  get current() {
    return this.files.find(({ state }) => state === 'sending') ?? this.files[0];
  }

  /** The number of the current file, from 1. */
  get position() {
    return this.files.indexOf(this.current) + 1;
  }

  get accepted() {
    return this.files.filter(({ state }) => state === 'accepted');
  }

  get failed() {
    return this.files.filter(({ state }) => state === 'failed');
  }

  get stopped() {
    return this.#stopped;
  }

  /** Sends all files that the server has not accepted yet. */
  async run() {
    for (const file of this.files.filter(({ state }) => state !== 'accepted')) {
      if (this.#stopped) {
        return;
      }
      const sent = file.send(this.#changed);
      this.#changed();
      await sent;
      if (file.state === 'accepted') {
        this.#accepted(file.answer);
      }
    }
  }

  stop() {
    this.#stopped = true;
    this.files.forEach((file) => file.stop());
  }
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
