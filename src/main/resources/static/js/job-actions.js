import { Refusal, download, getJob, importDryRun, undoJob } from './api.js';
import { onAction } from './actions.js';
import { isUndo, undoTarget } from './undo.js';
import { undoneMessage } from './undo-view.js';
import { text } from './texts.js';

const NOTE = 'action-note';

/**
 * Prepares the buttons of a job.
 *
 * @param current returns the tracking of the job that is shown, or null while files are being sent
 * @param stopSending stops the files that are being sent
 * @param made called with a job that one of these buttons has created
 */
export function prepareJobActions(current, { stopSending, made }) {
  const job = () => current().job;
  const fileStem = () => (job().fileName ?? 'products').replace(/(\.(csv|tsv|txt|xlsx))?(\.gz)?$/i, '');
  const downloads = (id, what, working) => onAction(id, NOTE, working, () =>
    download(job().links[what], `${fileStem()}-${text(`download.${what}`)}.csv`));

  onAction('cancel', NOTE, '', async () => {
    if (current() === null) {
      stopSending();
      return;
    }
    try {
      await current().cancel();
    } catch (failure) {
      // The status 409 means that the job has already finished. The final event will show the end.
      if (!(failure instanceof Refusal && failure.status === 409)) {
        throw failure;
      }
    }
  });
  downloads('download-rejections', 'rejections', text('repair.fetching'));
  downloads('download-products', 'products', text('products.fetching'));
  downloads('download-changes', 'changes', text('changes.downloading'));
  onAction('more-rejections', NOTE, '', () => current().moreRejections());
  onAction('more-products', NOTE, '', () => current().moreProducts());
  onAction('more-changes', NOTE, '', () => current().moreChanges());

  onAction('import-checked', NOTE, text('review.importing'), async () =>
    made(await importDryRun(current().id)));
  // The first click starts a dry run, which lists the changes that the undo would make. From this
  // list, the user can start the undo itself.
  onAction('undo', NOTE, text('undo.starting'), async () => {
    const shown = current();
    const listed = isUndo(shown.job) && shown.job.dryRun;
    const target = listed ? shown.job.undoes : undoTarget(shown.job);
    try {
      made(await undoJob(target, !listed));
      return '';
    } catch (failure) {
      if (!(failure instanceof Refusal && failure.problem.transactionId !== undefined)) {
        throw failure;
      }
      return alreadyUndone(shown, listed ? target : shown.id);
    }
  });
}

/**
 * Says how the job was undone. This page did not know about the undo, because another page has
 * undone the job in the meantime.
 */
async function alreadyUndone(shown, id) {
  const job = await getJob(id);
  if (id === shown.id) {
    shown.learnUndone(job.undone);
  }
  return job.undone === undefined ? text('undo.changed-meanwhile') : undoneMessage(job);
}
