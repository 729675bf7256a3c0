import { byId, setText } from './dom.js';
import { isExternal } from './external.js';
import { PHASES, acceptedRows, wordOf } from './phases.js';
import { canNotify, drawNotify } from './notify.js';
import { isUndo, undoTarget } from './undo.js';
import { text } from './texts.js';

/**
 * Shows the buttons of a job that fit the kind and the phase of the job. At most one of these
 * buttons is the primary button.
 *
 * @param job the job; null while its state is unknown
 * @param sending whether files are being sent
 * @param leaves whether the page shows a job or a preview, so that the user can go back to the form
 */
export function showButtons(phase, job, { sending, leaves }) {
  const [finished, external, undo] = [PHASES[phase].end && job !== null, isExternal(job), isUndo(job)];
  show('cancel', sending || (job !== null && !finished));
  byId('cancel').setAttribute('aria-disabled', phase === 'cancelling');
  setText(byId('cancel'), cancelWord(phase, job, sending));
  show('notify', !sending && job !== null && !finished && canNotify());
  drawNotify();
  show('download-rejections', finished && !external && job.counts.rejected > 0);
  show('download-products', finished && !external && !undo && acceptedRows(job) > 0);

  const checked = phase === 'complete' && job.dryRun === true && !undo;
  show('import-checked', checked && job.counts.rows > job.counts.rejected);
  show('back-to-preview', checked && history.state?.preview !== undefined);

  const foreseen = phase === 'foreseen';
  const listed = foreseen && job.counts.reversed > 0;
  const written = finished && !external && !job.dryRun && undoTarget(job) !== null
    && (undo ? job.counts.reversed : job.counts.created + job.counts.updated) > 0;
  show('undo', listed || written);
  byId('undo').classList.toggle('primary', listed);
  setText(byId('undo'), undo ? undoWord(job) : text('undo.button'));
  show('back-from-undo', foreseen);
  setText(byId('back-from-undo'), text(foreseen && job.redo ? 'redo.back' : 'undo.back'));

  show('again', leaves);
  setText(byId('again'), text(phase === 'gone' ? 'gone.again' : 'page.again'));
  byId('again').classList.toggle('primary', (PHASES[phase].end || phase === 'gone')
    && byId('import-checked').hidden && !listed && byId('repair-part').hidden);
}

/**
 * The label of the button of an undo. The button starts the undo after a dry run, or undoes the
 * undo.
 */
function undoWord({ dryRun, redo }) {
  if (dryRun) {
    return text(redo ? 'redo.now' : 'undo.now');
  }
  return text(redo ? 'redo.again' : 'undo.again');
}

function cancelWord(phase, job, sending) {
  if (phase === 'cancelling') {
    return wordOf(phase);
  }
  if (sending) {
    return text('cancel.upload');
  }
  if (isUndo(job)) {
    return text('undo.cancel');
  }
  if (isExternal(job)) {
    return text('cancel.job');
  }
  return text(job?.dryRun ? 'cancel.check' : 'cancel.import');
}

/** Shows or hides a button. If the hidden button had the focus, the headline gets the focus. */
function show(id, visible) {
  const element = byId(id);
  const held = !visible && document.activeElement === element;
  element.hidden = !visible;
  if (held) {
    byId('headline').focus();
  }
}
