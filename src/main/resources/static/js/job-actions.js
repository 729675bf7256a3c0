import { Refusal, download, importDryRun, undoJob } from './api.js';
import { onAction } from './actions.js';
import { isUndo } from './undo.js';
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
      // With 409 the job has finished already, and the final event will show it.
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
  // The first click lists what the undo would do. The undo itself follows from there.
  onAction('undo', NOTE, text('undo.starting'), async () => {
    const { transactionId, dryRun, undoes } = job();
    const undone = isUndo(job()) && dryRun;
    made(await takeBack(undone ? undoes : transactionId, !undone));
  });
}

/** If the job is already being undone or was undone, shows that undo instead. */
async function takeBack(id, dryRun) {
  try {
    return await undoJob(id, dryRun);
  } catch (failure) {
    const { problem } = failure;
    if (failure instanceof Refusal && problem.transactionId !== undefined) {
      return { transactionId: problem.transactionId };
    }
    throw failure;
  }
}
