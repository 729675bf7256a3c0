import { count, counted } from './format.js';
import { text } from './texts.js';
import { isUndo } from './undo.js';
import { undoMessage, undoOutcome } from './undo-view.js';
import { externalMessage, externalOutcome, isExternal } from './external.js';

/**
 * The states of the page. Each has the word on its stamp and a headline; a job's state also has the
 * step that it has reached, and whether it is the end.
 */
export const PHASES = {
  idle: { word: 'Idle', headline: 'Import products' },
  refused: { word: 'Refused', headline: 'Import products' },
  interrupted: { word: 'Interrupted', headline: 'Import products' },
  sent: { word: 'Sent', headline: 'Files sent' },
  partly: { word: 'Partly sent', headline: 'Some files were not accepted' },
  uploading: { word: 'Uploading', step: 'upload', headline: 'Sending the file' },
  connecting: { word: 'Connecting', headline: 'Product import' },
  queued: { word: 'Queued', step: 'queue', headline: 'Waiting in the queue' },
  running: { word: 'Running', step: 'import', headline: 'Importing products' },
  cancelling: { word: 'Cancelling…', step: 'import', headline: 'Cancelling the import' },
  reconnecting: { word: 'Reconnecting', headline: 'Product import' },
  complete: { word: 'Complete', step: 'end', end: true, headline: 'Import complete' },
  rejected: { word: 'All rejected', step: 'end', end: true, headline: 'No row was accepted' },
  failed: { word: 'Failed', step: 'import', end: true, headline: 'Import failed' },
  cancelled: { word: 'Cancelled', step: 'import', end: true, headline: 'Import cancelled' },
  review: { word: text('phase.review'), headline: text('headline.review') },
  asks: { word: text('phase.asks'), headline: text('headline.review') },
  gone: { word: text('phase.gone'), headline: text('headline.gone') },
  history: { word: text('phase.history'), headline: text('headline.history') },
  unknown: { word: 'Unknown', end: true, headline: 'No such import' },
};

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
export const reviewMessage = (phase) =>
  text(`message.${phase === 'connecting' || phase === 'reconnecting' ? `review-${phase}` : phase}`);

/** One sentence for the phase; it changes with the phase only, since it is read aloud. */
export function messageOf(phase, job, sending) {
  if (job != null && isExternal(job)) {
    return externalMessage(phase, job);
  }
  if (isUndo(job)) {
    return undoMessage(phase, job);
  }
  switch (phase) {
    case 'history':
      return text('message.history');
    case 'idle':
      return 'Choose a CSV file. It is imported in the background while you watch.';
    case 'refused':
      return 'The file was not accepted, and nothing was stored.';
    case 'sent':
    case 'partly':
      return `${sending.accepted.length} of ${counted(sending.files.length, 'file', 'files')} accepted. `
        + 'They are imported one after the other, also without this page.';
    case 'interrupted':
      return 'No answer came. Try again: what did arrive is not imported twice.';
    case 'uploading':
      return sending.files.length === 1
        ? 'Keep this page open until the file has arrived. The import does not need it.'
        : `File ${sending.position} of ${sending.files.length}. Keep this page open until all have arrived.`;
    case 'connecting':
      return 'Looking for the import…';
    case 'queued':
      return 'The file has arrived. The import starts by itself when its turn comes.';
    case 'running':
      return job.attempt > 1
        ? `The import was interrupted and has resumed where it stopped (attempt ${job.attempt}).`
        : 'You can close this page. The import continues, and this address shows it again.';
    case 'cancelling':
      return 'The import stops after the rows that it is storing now.';
    case 'reconnecting':
      return 'The connection is lost. The import continues without it. Trying again…';
    case 'complete':
    case 'rejected':
      return completed(job);
    case 'failed':
      return kept(job);
    case 'cancelled':
      return kept(job);
    default:
      return 'This server knows no import under that transaction ID.';
  }
}

function completed(job) {
  const { rows, rejected } = job.counts;
  if (rows === 0) {
    return 'The file has a header and no rows.';
  }
  const accepted = rows - rejected;
  if (accepted === 0) {
    return `${allRejected(job)} Nothing was stored. The reasons are listed below.`;
  }
  const found = rejected === 0
    ? `${counted(rows, 'row', 'rows')} accepted, none rejected.`
    : `${counted(accepted, 'row', 'rows')} accepted, ${counted(rejected, 'row', 'rows')} rejected.`;
  return job.dryRun ? `Dry run: nothing was stored. ${found}` : found;
}

const allRejected = ({ counts: { rows, rejected } }) =>
  `${count(rejected)} of ${counted(rows, 'row', 'rows')} rejected.`;

/** A few words on a job for a list. */
export function outcomeOf(job) {
  if (isExternal(job)) {
    return externalOutcome(job);
  }
  if (isUndo(job)) {
    return undoOutcome(job);
  }
  const { rows, rejected } = job.counts;
  if (job.status === 'QUEUED') {
    return job.queuePosition ? `place ${count(job.queuePosition)} in the queue` : '';
  }
  if (rows > 0 && rows === rejected) {
    return allRejected(job).slice(0, -1);
  }
  const words = [counted(rows - rejected, 'row', 'rows') + (job.dryRun ? ' valid' : ' accepted')];
  if (rejected > 0) {
    words.push(`${count(rejected)} rejected`);
  }
  return words.join(', ');
}

function kept(job) {
  const { rows, rejected } = job.counts;
  if (job.dryRun) {
    return `Dry run: nothing was stored. ${counted(rows, 'row was', 'rows were')} checked.`;
  }
  return rows === rejected
    ? 'No product was stored.'
    : `${counted(rows - rejected, 'row', 'rows')} accepted before that, and kept.`;
}
