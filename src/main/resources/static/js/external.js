import * as format from './format.js';
import { byId, setText } from './dom.js';
import { text } from './texts.js';

/**
 * Shows a job whose work another program does. Shows the title, the progress, the message and the
 * output of the job.
 */

/** Only imports and undos count rows, so a job without counts is done by another program. */
export const isExternal = (job) => job?.counts === undefined && job?.outputBytes !== undefined;

const encoder = new TextEncoder();

/** The amount of work that a job has done, as a number that never falls during an attempt. */
export const amountOf = (job) => (job.counts === undefined
  ? (job.done ?? 0) + (job.outputBytes ?? 0)
  : job.counts.rows ?? job.counts.products);

/** A copy of the job with one more piece of output. */
export const withChunk = (job, { text }) => ({
  ...job,
  output: (job.output ?? '') + text,
  outputBytes: job.outputBytes + encoder.encode(text).length,
});

/** The output that is already drawn. Output only grows, so only the new part is drawn. */
let drawn = '';

export function clearExternal() {
  drawn = '';
  byId('output').replaceChildren();
  byId('output-part').hidden = true;
  byId('external-part').hidden = true;
}

export function drawExternal(job) {
  byId('external-bar-row').hidden = job.total === null;
  const percent = job.percent ?? 0;
  const bar = byId('external-bar');
  bar.setAttribute('aria-valuenow', Math.floor(percent));
  bar.setAttribute('aria-valuetext', format.percent(percent));
  bar.firstElementChild.style.transform = `scaleX(${percent / 100})`;
  setText(byId('external-percent'), format.percent(percent));
  setText(byId('external-done'), doneOf(job));
  byId('external-took-part').hidden = job.finishedAt === null || job.startedAt === null;
  if (job.finishedAt !== null && job.startedAt !== null) {
    setText(byId('external-took'), format.duration(format.secondsBetween(job.startedAt, job.finishedAt)));
  }
  setText(byId('external-message'), job.message ?? '');
  showOutput(job.output ?? '');
}

function doneOf({ done, total, unit }) {
  const amount = total === null
    ? format.count(done)
    : text('of', { part: format.count(done), all: format.count(total) });
  return unit === null ? amount : `${amount}\u00a0${unit}`;
}

function showOutput(text) {
  if (text === drawn) {
    return;
  }
  const output = byId('output');
  byId('output-part').hidden = text === '';
  const atEnd = output.scrollHeight - output.scrollTop - output.clientHeight < 4;
  if (text.startsWith(drawn)) {
    output.append(text.slice(drawn.length));
  } else {
    output.textContent = text;
  }
  drawn = text;
  if (atEnd) {
    output.scrollTop = output.scrollHeight;
  }
}

/** One sentence for the phase of a job whose work another program does. */
export function externalMessage(phase, job) {
  switch (phase) {
    case 'queued':
      return text('external.queued');
    case 'running':
      return job.attempt > 1
        ? text('external.again', job)
        : text('external.running');
    case 'cancelling':
      return text('external.cancelling');
    case 'reconnecting':
      return text('external.reconnecting');
    case 'complete':
      return text('external.complete');
    case 'failed':
      return text(job.outputBytes > 0 ? 'external.failed-output' : 'external.failed');
    default:
      return text(job.outputBytes > 0 ? 'external.cancelled-output' : 'external.cancelled');
  }
}

/** A short text on a job of another program, for a list of jobs. */
export const externalOutcome = doneOf;
