import { byId } from './dom.js';
import { isExternal } from './external.js';
import { isUndo } from './undo.js';

/**
 * Shows the current step of the safe path to an import. The steps are file, preview, check and
 * import. An import that was started has its own, more detailed steps.
 */
export function drawPath({ atForm, reviewing, toPreview, job }) {
  const current = stepOf({ atForm, reviewing, toPreview, job });
  byId('path').hidden = current === null;
  let past = true;
  for (const item of byId('path').children) {
    const here = item.dataset.step === current;
    past &&= !here;
    item.classList.toggle('past', past);
    if (here) {
      item.setAttribute('aria-current', 'step');
    } else {
      item.removeAttribute('aria-current');
    }
  }
}

function stepOf({ atForm, reviewing, toPreview, job }) {
  if (atForm || toPreview) {
    return 'file';
  }
  if (reviewing) {
    return 'preview';
  }
  return job?.dryRun === true && !isUndo(job) && !isExternal(job) ? 'check' : null;
}
