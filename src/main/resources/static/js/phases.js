import { text } from './texts.js';
import { isFinished } from './stream.js';
import { isUndo } from './undo.js';
import { undoMessage, undoOutcome } from './undo-view.js';
import { externalMessage, externalOutcome, isExternal } from './external.js';

/**
 * The phases of the page. The phase of a job names the step that the job has reached. A phase can
 * be final.
 */
export const PHASES = {
  idle: {},
  refused: {},
  interrupted: {},
  sent: {},
  partly: {},
  uploading: { step: 'upload' },
  connecting: {},
  queued: { step: 'queue' },
  running: { step: 'import' },
  cancelling: { step: 'import' },
  reconnecting: {},
  complete: { step: 'end', end: true },
  rejected: { step: 'end', end: true },
  foreseen: { step: 'end', end: true },
  failed: { step: 'import', end: true },
  cancelled: { step: 'import', end: true },
  review: {},
  asks: {},
  gone: {},
  history: {},
  operator: {},
  unknown: { end: true },
};

/** The word that the page shows for a phase. */
export const wordOf = (phase) => text(`phase.${phase}`);

const OF_STATUS = {
  QUEUED: 'queued',
  RUNNING: 'running',
  COMPLETED: 'complete',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** The phase of a job that is watched; `job` is null until the server has sent its state. */
export function phaseOf(job, connected) {
  const phase = job === null ? 'connecting' : OF_STATUS[job.status];
  // The dry run of an undo has changed no product, so it must not look like a successful undo.
  if (phase === 'complete' && isUndo(job) && job.dryRun) {
    return 'foreseen';
  }
  if (phase === 'complete' && !isExternal(job) && job.counts.rows > 0 && job.counts.rejected === job.counts.rows) {
    return 'rejected';
  }
  if (PHASES[phase].end) {
    return phase;
  }
  if (!connected) {
    return 'reconnecting';
  }
  return job?.cancelRequested ? 'cancelling' : phase;
}

/** One sentence for the phase of a preview. */
export function reviewMessage(phase, review) {
  if (phase === 'gone') {
    return text(`message.gone-${review.whyGone}`);
  }
  return text(`message.${phase === 'connecting' || phase === 'reconnecting' ? `review-${phase}` : phase}`);
}

/**
 * One sentence for the phase. The sentence changes only when the phase changes, because screen
 * readers read each change aloud.
 */
export function messageOf(phase, job, sending) {
  if (job != null && isExternal(job)) {
    return externalMessage(phase, job);
  }
  if (isUndo(job)) {
    return undoMessage(phase, job);
  }
  switch (phase) {
    case 'history':
    case 'operator':
      return text(`message.${phase}`);
    case 'idle':
      return text('message.idle');
    case 'refused':
      return text('message.refused');
    case 'sent':
    case 'partly':
      return text('message.sent', {
        accepted: sending.accepted.length, count: sending.files.length,
      });
    case 'interrupted':
      return text('message.interrupted');
    case 'uploading':
      return sending.files.length === 1
        ? text('message.uploading')
        : text('message.uploading-several', {
          position: sending.position, count: sending.files.length,
        });
    case 'connecting':
      return text('message.connecting');
    case 'running':
      return ofImport(job.attempt > 1 ? 'resumed' : 'running', job);
    case 'reconnecting':
      return job === null ? text('message.unreachable') : ofImport(phase, job);
    case 'queued':
    case 'cancelling':
      return ofImport(phase, job);
    case 'complete':
    case 'rejected':
      return completed(job);
    case 'failed':
      return kept(job);
    case 'cancelled':
      return kept(job);
    default:
      return text('message.unknown');
  }
}

/** A message about an import, or about a dry run, which the page calls a check. */
const ofImport = (name, job) => text(`message.${name}${job?.dryRun ? '-check' : ''}`, job ?? {});

function completed(job) {
  const { rows, rejected } = job.counts;
  if (rows === 0) {
    return text('message.no-rows');
  }
  if (rows === rejected) {
    return text('message.all-rejected', { rejected, count: rows });
  }
  const accepted = text('outcome.accepted', { count: acceptedRows(job) });
  const found = rejected === 0
    ? text('message.none-rejected', { accepted })
    : text('message.some-rejected', {
      accepted, rejected: text('outcome.rejected', { count: rejected }),
    });
  return job.dryRun ? text('message.dry-run', { found }) : found;
}

/** The type of a job that is not an import, for a list of jobs; empty for an import. */
export function typeOf(job) {
  if (isUndo(job)) {
    return text(`history.${job.redo ? 'redo' : 'undo'}${job.dryRun ? '-check' : ''}`);
  }
  return job.dryRun ? text('history.check') : '';
}

/** A short text on a job, for a list of jobs. */
export function outcomeOf(job) {
  if (job.status === 'QUEUED') {
    return job.queuePosition ? text('outcome.place', { place: job.queuePosition }) : '';
  }
  if (isExternal(job)) {
    return externalOutcome(job);
  }
  if (isUndo(job)) {
    return undoOutcome(job);
  }
  const { rows, rejected } = job.counts;
  if (rows > 0 && rows === rejected) {
    return text('outcome.all-rejected', { rejected, count: rows });
  }
  const words = [foundOf(job)];
  if (rejected > 0) {
    words.push(text('outcome.also-rejected', { count: rejected }));
  }
  return words.join(', ');
}

/**
 * The number of rows that an import has accepted. An import that is all or nothing counts rows as
 * skipped while it only checks them, and after it has taken their products back.
 */
export const acceptedRows = ({ onError, dryRun, counts }) =>
  // Rows that were merged into one product are not counted as skipped.
  (onError === 'reject-all' && !dryRun && counts.products === 0
    ? 0
    : counts.rows - counts.rejected - counts.skipped);

function foundOf(job) {
  if (job.dryRun) {
    return text('outcome.valid', { count: acceptedRows(job) });
  }
  const { rows, rejected } = job.counts;
  if (job.phase === 'checking' && !isFinished(job)) {
    return text('outcome.valid', { count: rows - rejected });
  }
  const stopped = job.status === 'FAILED' || job.status === 'CANCELLED';
  return stopped && acceptedRows(job) === 0
    ? text('outcome.none-stored')
    : text('outcome.accepted', { count: acceptedRows(job) });
}

function kept(job) {
  if (job.dryRun) {
    return text('message.dry-run-checked', { count: job.counts.rows });
  }
  const stored = acceptedRows(job);
  return stored === 0
    ? text('message.none-stored')
    : text('message.kept', { accepted: text('outcome.accepted', { count: stored }) });
}
