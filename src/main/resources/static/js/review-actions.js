import { onAction } from './actions.js';
import { byId } from './dom.js';
import { listProfiles } from './profiles-view.js';
import { text } from './texts.js';

const NOTE = 'review-note';

/**
 * Prepares the buttons of a preview.
 *
 * @param current returns the review that is shown
 * @param imported called with the job that a review has created
 * @param left called when the user wants to choose another file
 */
export function prepareReviewActions(current, { imported, left }) {
  const importIt = async (dryRun) => {
    const review = current();
    const job = await review.import(dryRun);
    if (job !== null && review === current()) {
      imported(job, review);
    }
  };
  onAction('review-import', NOTE, text('review.importing'), () => importIt(false));
  onAction('review-check', NOTE, text('review.checking'), () => importIt(true));
  onAction('review-profile-use', NOTE, text('review.saving'), () =>
    current().set({ profile: current().preview.profile }));
  onAction('review-profile-save', NOTE, '', async () => {
    const name = byId('review-profile').value.trim();
    if (name === '') {
      byId('review-profile').focus();
      return '';
    }
    if (!await current().saveProfile(name)) {
      return '';
    }
    await listProfiles();
    return text('review.profile-saved', { name });
  });
  byId('review-leave').addEventListener('click', left);
}
