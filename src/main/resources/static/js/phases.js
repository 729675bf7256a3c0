import { counted } from './format.js';

/**
 * What the page can be in the middle of. Each has the word on its stamp, the step of the way that
 * it stands at, and whether it is the end.
 */
export const PHASES = {
  idle: { word: 'Idle', headline: 'Import products' },
  refused: { word: 'Refused', headline: 'Import products' },
  interrupted: { word: 'Interrupted', headline: 'Import products' },
  uploading: { word: 'Uploading', step: 'upload', headline: 'Sending the file' },
  connecting: { word: 'Connecting', headline: 'Product import' },
  queued: { word: 'Queued', step: 'queue', headline: 'Waiting in the queue' },
  running: { word: 'Running', step: 'import', headline: 'Importing products' },
  cancelling: { word: 'Cancelling…', step: 'import', headline: 'Cancelling the import' },
  reconnecting: { word: 'Reconnecting', headline: 'Product import' },
  complete: { word: 'Complete', step: 'end', end: true, headline: 'Import complete' },
  failed: { word: 'Failed', step: 'import', end: true, headline: 'Import failed' },
  cancelled: { word: 'Cancelled', step: 'import', end: true, headline: 'Import cancelled' },
  unknown: { word: 'Unknown', end: true, headline: 'No such import' },
};

const OF_STATUS = {
  QUEUED: 'queued',
  RUNNING: 'running',
  COMPLETED: 'complete',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** The phase of a job that is watched; `job` is null until the first word of it. */
export function phaseOf(job, connected) {
  const phase = job === null ? 'connecting' : OF_STATUS[job.status];
  if (PHASES[phase].end) {
    return phase;
  }
  if (!connected) {
    return 'reconnecting';
  }
  return job?.cancelRequested ? 'cancelling' : phase;
}

/** One sentence for the phase; it changes with the phase only, since it is read aloud. */
export function messageOf(phase, job) {
  switch (phase) {
    case 'idle':
      return 'Choose a CSV file. It is imported in the background while you watch.';
    case 'refused':
      return 'The file was not taken, and nothing was stored.';
    case 'interrupted':
      return 'No answer came. Try again: what did arrive is not imported twice.';
    case 'uploading':
      return 'Keep this page open until the file has arrived; from then on the import goes on without it.';
    case 'connecting':
      return 'Looking for the import…';
    case 'queued':
      return 'The file has arrived. The import starts by itself as soon as it is its turn.';
    case 'running':
      return job.attempt > 1
        ? `The import was interrupted and goes on where it stood (attempt ${job.attempt}).`
        : 'You may close this page; the import goes on, and this address leads back to it.';
    case 'cancelling':
      return 'The import stops after the rows it is just storing.';
    case 'reconnecting':
      return 'The connection is lost. The import itself does not need it; trying again…';
    case 'complete':
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
  const found = rejected === 0
    ? `${counted(rows, 'row', 'rows')} accepted, none rejected.`
    : `${counted(accepted, 'row', 'rows')} accepted, ${counted(rejected, 'row', 'rows')} rejected.`;
  return job.dryRun ? `Dry run: nothing was stored. ${found}` : found;
}

function kept(job) {
  const { rows, rejected } = job.counts;
  if (job.dryRun) {
    return `Dry run: nothing was stored. ${counted(rows, 'row was', 'rows were')} checked until then.`;
  }
  return rows === rejected
    ? 'No product was stored.'
    : `${counted(rows - rejected, 'row', 'rows')} accepted until then, and kept.`;
}
