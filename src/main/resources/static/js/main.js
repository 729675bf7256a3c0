import { messageOf, reviewMessage, wordOf } from './phases.js';
import { atFramePace, byId, setText } from './dom.js';
import { deletePreview } from './api.js';
import { clearIntake, mapColumn, openOptions, prepareIntake, previewQuery, recommend } from './intake.js';
import { clearReview, drawReview, prepareReview, problemInReview } from './review-view.js';
import {
  areUnacceptable, canBeCorrected, canRetry, mayBlameSettings, phaseOfSent, problemOfSent,
} from './sent.js';
import { clearJob, drawJob, drawUpload } from './job-view.js';
import { hideProblem, problemOf, showProblem } from './problem.js';
import { hideRecent, remember, showRecent } from './recent.js';
import { failureOf } from './failure.js';
import { isExternal } from './external.js';
import { closeHistory, openHistory } from './history.js';
import { closeOperator, offerOperator, openOperator } from './operator.js';
import { expectEnd, notifyOfEnd, prepareNotify } from './notify.js';
import { prepareJobActions } from './job-actions.js';
import { showButtons } from './job-buttons.js';
import { Repair } from './repair.js';
import { openRepair, prepareRepair } from './repair-view.js';
import { rememberSentRows, sentRows } from './sent-rows.js';
import { closeProfiles, prepareProfiles } from './profiles-view.js';
import { prepareReviewActions } from './review-actions.js';
import { isUndo } from './undo.js';
import { undoHeadline } from './undo-view.js';
import { Review } from './review.js';
import { Sending } from './sending.js';
import { Tracking } from './tracking.js';
import { prepareSession } from './session.js';
import { copyText } from './clipboard.js';
import { drawPath } from './path.js';
import { percent } from './format.js';
import { text, translatePage } from './texts.js';

/**
 * The IDs of the server have only these characters. Any other text must not become part of the
 * shell command that the page shows.
 */
const ID = /^[\w-]{1,128}$/;
const AT_FORM = ['idle', 'refused', 'interrupted', 'sent', 'partly'];

let phase = 'idle';
/** The last failed call of the tracked job, as the page shows it. */
let failureNote = '';
/** The files that are being sent, or null. */
let sending = null;
/**
 * The files that were sent last, while the form shows the outcome of these files; otherwise null.
 */
let sent = null;
let tracking = null;
/** The preview that is shown, or null. */
let review = null;
/**
 * The ID of the preview that the user can still need. It is the preview that is shown, or the
 * preview whose job is shown, because the user can go back to this preview. Null if there is no
 * such preview.
 */
let heldPreview = null;
/** The repair of the job that is shown, or null. */
let repair = null;
let problemShownFor = null;
let rememberedFor = null;
let restoredFor = null;
let formShown = false;

const redraw = atFramePace(draw);

function draw() {
  if (sending !== null) {
    phase = 'uploading';
    drawUpload(sending);
  } else if (tracking !== null) {
    phase = tracking.phase;
    drawJob(tracking, repairCause);
    showOutcome();
    rememberJob();
    restoreRepair();
  } else if (review !== null) {
    phase = review.phase;
    drawReview(review);
    showWhatIsAsked();
  }
  const word = wordOf(phase);
  byId('label').dataset.state = phase;
  byId('state').dataset.state = phase;
  setText(byId('state'), word);
  const reviewing = sending === null && review !== null;
  setText(byId('headline'), headlineOf(reviewing));
  setText(byId('message'), reviewing
    ? reviewMessage(phase, review)
    : messageOf(phase, tracking?.job, sending ?? sent));
  document.title = titleOf(word);
  if (sending === null && tracking !== null) {
    notifyOfEnd(tracking, byId('headline').textContent, byId('message').textContent);
  }

  const atForm = AT_FORM.includes(phase);
  if (atForm !== formShown) {
    formShown = atForm;
    (atForm ? showRecent : hideRecent)();
  }
  drawPath({
    atForm,
    reviewing: reviewing && phase !== 'gone',
    toPreview: sending !== null && sending.current.preview,
    job: sending === null ? tracking?.job : null,
  });
  byId('intake').hidden = !atForm;
  const reviewShown = reviewing && phase !== 'gone';
  if (!reviewShown && byId('review').contains(document.activeElement)) {
    byId('headline').focus(); // otherwise the focus would be lost with the element
  }
  byId('review').hidden = !reviewShown;
  byId('job').hidden = atForm || phase === 'history' || phase === 'operator' || !byId('review').hidden;
  showButtons(phase, tracking?.job ?? null, {
    sending: sending !== null,
    leaves: tracking !== null || phase === 'gone' || phase === 'unknown',
  });
}

function headlineOf(reviewing) {
  const job = sending === null ? tracking?.job : null;
  if (isExternal(job)) {
    return job.title;
  }
  if (isUndo(job)) {
    return undoHeadline(phase, job);
  }
  if (job?.dryRun && (phase === 'complete' || phase === 'running')) {
    return text(`headline.check-${phase}`);
  }
  return reviewing && phase !== 'gone' ? text('headline.review') : text(`headline.${phase}`);
}

function titleOf(word) {
  const job = tracking?.job;
  if (review?.preview) {
    return `${word} · ${review.preview.fileName} – Waybill`;
  }
  if (!job) {
    return phase === 'idle' ? 'Waybill' : `${word} – Waybill`;
  }
  return `${phase === 'running' && job.percent !== null ? percent(job.percent) : word} · ${job.fileName ?? job.title ?? 'CSV'} – Waybill`;
}

/**
 * Shows the problem of a failed or unknown job. The problem is written only one time, because
 * screen readers read each change aloud.
 */
function showOutcome() {
  const { unknown, job } = tracking;
  const problem = unknown ?? (job?.error ? failureOf(job) : null);
  if (problem !== null && problemShownFor !== tracking) {
    problemShownFor = tracking;
    showProblem(problem);
  }
}

/**
 * Shows the question of a preview. The question is written one time for each answer, because screen
 * readers read each change aloud.
 */
function showWhatIsAsked() {
  const about = review.gone ?? review.preview;
  if (about === null || problemShownFor === about) {
    return;
  }
  problemShownFor = about;
  const problem = review.gone === null ? review.preview.problem : null;
  if (problem === null) {
    hideProblem(); // the message of the page says why a preview no longer exists
  } else {
    const { columns } = review.preview;
    showProblem(problemInReview(problem), {
      readAs: (header, field) =>
        review.map(columns.find((column) => column.header === header).column, field),
    });
  }
}

function rememberJob() {
  if (tracking.job !== null && rememberedFor !== tracking) {
    rememberedFor = tracking;
    remember(tracking.job);
  }
}

/** Opens the repair that was open before a reload, together with its changes. */
function restoreRepair() {
  const kept = history.state?.repair;
  if (tracking.job !== null && kept?.cause && restoredFor !== tracking) {
    restoredFor = tracking;
    repairCause(kept.cause);
  }
}

/**
 * Stores a repair in the history entry of the browser, so that a reload does not lose the repair.
 */
function keepRepair({ cause, edits, again }) {
  restoredFor = tracking;
  keepInHistory({ cause, edits, again });
  redraw(); // an open repair has the primary button
}

/**
 * Browsers refuse a state that is too large, and Safari refuses too many calls in a short time. In
 * these cases the repair continues, but a reload shows the last state that was stored.
 */
function keepInHistory(repair) {
  try {
    history.replaceState({ ...history.state, repair }, '');
  } catch (refused) {
    if (!(refused instanceof DOMException)) {
      throw refused;
    }
  }
}

/** @param accepted called with each job or preview that the server has made from a file */
async function send(files, parameters, accepted = () => {}) {
  leave();
  await run(new Sending(files, parameters, redraw, accepted));
}

async function run(files) {
  hideProblem();
  sent = null;
  sending = files;
  draw();
  byId('headline').focus();
  await files.run();
  if (sending !== files) {
    return;
  }
  sending = null;
  const [first] = files.accepted;
  if (first?.preview) {
    history.pushState(null, '', `/?preview=${first.answer.previewId}`);
    openReview(first.answer.previewId);
    return;
  }
  files.accepted.forEach(({ answer }) => remember(answer));
  if (files.files.length === 1 && first !== undefined) {
    clearIntake();
    // Removes the stored repair, because rows that were sent must not be offered again when the
    // user goes back.
    keepInHistory(undefined);
    goToJob(first.answer.transactionId);
  } else {
    showSent(files);
  }
}

/**
 * @param state a state that is stored in the history entry of the browser, so that a reload keeps
 *     it
 */
function goToJob(id, state = null) {
  leave();
  holdPreview(state?.preview ?? null);
  history.pushState(state, '', `/?job=${id}`);
  track(id);
  expectEnd(tracking);
  byId('headline').focus();
}

/** Goes back to the form and shows the outcome of the files. */
function showSent(files) {
  sent = files;
  phase = phaseOfSent(files);
  if (files.accepted.length > 0) {
    clearIntake();
  }
  draw();
  const problem = problemOfSent(files);
  if (problem !== null) {
    showProblem(problem, {
      retry: canRetry(files) ? () => run(files) : null,
      correct: canBeCorrected(files) ? () => send([files.files[0].file], previewQuery) : null,
      another: areUnacceptable(files) ? chooseAnother : null,
      readAs: mapColumn,
    });
  }
  if (mayBlameSettings(files)) {
    openOptions();
  }
  const wayOut = wayOutOf(files);
  recommend(wayOut ?? undefined);
  const again = files.files[0].preview ? 'look' : 'upload';
  byId(files.accepted.length > 0 ? 'headline' : wayOut ?? again).focus();
}

/** Also lets the user choose a file of the same name, which they may have corrected. */
function chooseAnother() {
  byId('file').value = '';
  byId('file').focus();
  byId('file').click();
}

/** The button that helps after a refusal; null if the user can only send the same files again. */
function wayOutOf(files) {
  if (canRetry(files)) {
    return 'retry';
  }
  if (!areUnacceptable(files)) {
    return null;
  }
  return canBeCorrected(files) ? 'correct' : 'another';
}

/**
 * Remembers which preview the user can still need, and deletes the previous preview. Otherwise the
 * file of the previous preview would count against the caller's limit until the preview expires. A
 * job has its own copy of the file.
 */
function holdPreview(id) {
  if (heldPreview !== null && heldPreview !== id) {
    deletePreview(heldPreview).catch(() => {}); // if this fails, the preview expires later
  }
  heldPreview = id;
}

function openReview(id) {
  holdPreview(id);
  review = new Review(id, {
    changed: redraw,
    failed: (failure) => setText(byId('review-note'), problemOf(failure).detail),
    saved: () => setText(byId('review-note'), text('review.saved')),
  });
  draw();
}

function track(id) {
  tracking = new Tracking(id, {
    changed: redraw,
    failed: noteFailure,
    recovered: () => {
      // Another note, such as the one about notifications, stays.
      if (byId('action-note').textContent === failureNote) {
        setText(byId('action-note'), '');
      }
    },
  });
  draw();
}

function noteFailure(failure) {
  failureNote = problemOf(failure).detail;
  setText(byId('action-note'), failureNote);
}

/** Stops watching and clears the page. */
function leave() {
  tracking?.stop();
  tracking = null;
  review?.stop();
  review = null;
  repair = null;
  sent = null;
  problemShownFor = null;
  rememberedFor = null;
  restoredFor = null;
  phase = 'idle';
  hideProblem();
  recommend();
  closeHistory();
  closeOperator();
  clearJob();
  clearReview();
  closeProfiles();
  setText(byId('action-note'), '');
  setText(byId('review-note'), '');
}

/** Shows the job or the form, depending on the address of the page. */
function route() {
  sending?.stop();
  sending = null;
  leave();
  const query = new URLSearchParams(location.search);
  const id = (query.get('job') ?? query.get('preview'))?.trim();
  // Deletes no preview, because the buttons Back and Forward may lead to the previous preview
  // again.
  heldPreview = query.get('preview')?.trim() ?? history.state?.preview ?? heldPreview;
  if (query.has('history')) {
    phase = 'history';
    openHistory();
    draw();
  } else if (query.has('operator')) {
    phase = 'operator';
    openOperator();
    draw();
  } else if (!id) {
    draw();
  } else if (ID.test(id) && !query.has('job')) {
    openReview(id);
  } else if (ID.test(id)) {
    track(id);
  } else {
    phase = 'unknown';
    showProblem({
      title: text('problem.not-an-id'),
      detail: text('problem.not-an-id.detail', { id: id.slice(0, 80) }),
    });
    draw();
  }
}

prepareReviewActions(() => review, {
  imported: (job, { id }) => {
    clearIntake();
    goToJob(job.transactionId, { preview: id });
  },
  left: () => {
    goToForm();
    byId('file').focus();
  },
});
prepareJobActions(() => tracking, {
  stopSending: () => sending.stop(),
  made: (job) => goToJob(job.transactionId, job.dryRun ? { from: tracking.id } : null),
});
prepareRepair((repaired) => {
  const file = repaired.toFile();
  const rows = repaired.changed.map(({ row }) => row);
  send([file], () => repaired.query(file), ({ transactionId }) =>
    rememberSentRows(repaired.job.transactionId, rows, transactionId));
}, keepRepair, (repaired) => showRepair(repaired, () => repaired.listAgain()));
byId('back-to-preview').addEventListener('click', () => {
  history.pushState(null, '', `/?preview=${history.state.preview}`);
  route();
});

// From the dry run of an undo, this button leads back to the job on whose page the dry run was
// requested.
byId('back-from-undo').addEventListener('click', () => goToJob(history.state?.from ?? tracking.job.undoes));

/** Opens the form in which the user corrects the rows of a cause. */
async function repairCause(cause) {
  const { job } = tracking;
  repair ??= new Repair(job, sentRows(job.transactionId).rows, history.state?.repair);
  const opened = repair;
  await showRepair(opened, () => opened.open(cause));
}

/**
 * @param open a function that fetches the rows and returns whether these rows are still wanted
 */
async function showRepair(opened, open) {
  setText(byId('action-note'), text('repair.fetching'));
  try {
    const wanted = await open();
    if (wanted && repair === opened) {
      setText(byId('action-note'), '');
      openRepair(opened, sentRows(opened.job.transactionId).repair);
      draw(); // at once, so that the page never shows two primary buttons
    }
  } catch (failure) {
    noteFailure(failure);
  }
}

function goToForm() {
  holdPreview(null);
  history.pushState(null, '', '/');
  route();
}

byId('again').addEventListener('click', () => {
  goToForm();
  byId('file').focus();
});

for (const button of document.querySelectorAll('[data-copy]')) {
  const word = button.firstChild;
  button.addEventListener('click', async () => {
    word.data = await copyText(byId(button.dataset.copy)) ? text('copy.copied') : text('copy.selected');
    setText(byId('copy-note'), word.data);
    setTimeout(() => {
      word.data = text('copy');
      setText(byId('copy-note'), '');
    }, 2_000);
  });
}

addEventListener('popstate', route);
addEventListener('beforeunload', (event) => {
  if (sending !== null) {
    event.preventDefault();
  }
});

translatePage();
prepareSession(() => {
  if (phase !== 'refused') {
    return;
  }
  // The files stay chosen. The server refused them only because the key was missing.
  sent = null;
  phase = 'idle';
  recommend();
  draw();
});
prepareNotify();
offerOperator();
prepareReview(() => review);
prepareProfiles(() => review);
prepareIntake({
  send,
  // Hides the problem of the previous file, because it does not apply to another file.
  free: () => {
    if (sending !== null) {
      setText(byId('action-note'), text('intake.wait'));
      return false;
    }
    if (!AT_FORM.includes(phase)) {
      goToForm();
    }
    hideProblem();
    sent = null;
    phase = 'idle';
    draw();
    return true;
  },
  fail: (failure) => showProblem(problemOf(failure)),
});
route();
