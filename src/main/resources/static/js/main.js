import { PHASES, messageOf } from './phases.js';
import { Refusal, Stopped, download } from './api.js';
import { atFramePace, byId, setText } from './dom.js';
import { clearIntake, mapColumn, prepareIntake } from './intake.js';
import { clearJob, drawJob, drawUpload } from './job-view.js';
import { hideProblem, problemOf, showProblem } from './problem.js';
import { hideRecent, remember, showRecent } from './recent.js';
import { isExternal } from './external.js';
import { Sending } from './sending.js';
import { Tracking } from './tracking.js';
import { prepareSession } from './session.js';
import { copyText } from './clipboard.js';
import { percent } from './format.js';

/** The server's IDs hold nothing else, and other text must not reach the shell command. */
const ID = /^[\w-]{1,128}$/;
const AT_FORM = ['idle', 'refused', 'interrupted', 'sent', 'partly'];

let phase = 'idle';
/** The files on their way, or null. */
let sending = null;
/** The files that were sent last, while the form shows what became of them. */
let sent = null;
let tracking = null;
let problemShownFor = null;
let rememberedFor = null;
let formShown = false;

const redraw = atFramePace(draw);

function draw() {
  if (sending !== null) {
    phase = 'uploading';
    drawUpload(sending);
  } else if (tracking !== null) {
    phase = tracking.phase;
    drawJob(tracking);
    showOutcome();
    rememberJob();
  }
  const { word, headline, end } = PHASES[phase];
  byId('label').dataset.state = phase;
  byId('state').dataset.state = phase;
  setText(byId('state'), word);
  const external = sending === null && isExternal(tracking?.job);
  setText(byId('headline'), external ? tracking.job.title : headline);
  setText(byId('message'), messageOf(phase, tracking?.job, sending ?? sent));
  document.title = titleOf(word);

  const atForm = AT_FORM.includes(phase);
  if (atForm !== formShown) {
    formShown = atForm;
    (atForm ? showRecent : hideRecent)();
  }
  byId('intake').hidden = !atForm;
  byId('job').hidden = atForm;
  const job = tracking?.job ?? null;
  const finished = end && job !== null;
  show('cancel', sending !== null || (job !== null && !end));
  byId('cancel').setAttribute('aria-disabled', phase === 'cancelling');
  setText(byId('cancel'), cancelWord());
  show('again', tracking !== null);
  show('download-rejections', finished && !external && job.counts.rejected > 0);
  show('download-products', finished && !external && job.counts.rows > job.counts.rejected);
}

function cancelWord() {
  if (phase === 'cancelling') {
    return 'Cancelling…';
  }
  if (sending !== null) {
    return 'Stop the upload';
  }
  return isExternal(tracking?.job) ? 'Cancel the job' : 'Cancel the import';
}

function titleOf(word) {
  const job = tracking?.job;
  if (!job) {
    return phase === 'idle' ? 'Waybill' : `${word} – Waybill`;
  }
  return `${phase === 'running' && job.percent !== null ? percent(job.percent) : word} · ${job.fileName ?? job.title ?? 'CSV'} – Waybill`;
}

/** A failed or unknown job has a problem of its own; it is shown once, since it is read aloud. */
function showOutcome() {
  const problem = tracking.unknown ?? tracking.job?.error ?? null;
  if (problem !== null && problemShownFor !== tracking) {
    problemShownFor = tracking;
    showProblem(problem);
  }
}

function rememberJob() {
  if (tracking.job !== null && rememberedFor !== tracking) {
    rememberedFor = tracking;
    remember(tracking.job);
  }
}

/** A button that disappears hands its focus to the headline. */
function show(id, visible) {
  const element = byId(id);
  const held = !visible && document.activeElement === element;
  element.hidden = !visible;
  if (held) {
    byId('headline').focus();
  }
}

async function send(files, parameters) {
  leave();
  await run(new Sending(files, parameters, redraw));
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
  files.accepted.forEach(({ job }) => remember(job));
  if (files.files.length === 1 && first !== undefined) {
    clearIntake();
    history.pushState(null, '', `/?job=${first.job.transactionId}`);
    track(first.job.transactionId);
  } else {
    showSent(files);
  }
}

/** Back at the form, with what became of the files. */
function showSent(files) {
  const [accepted, failed] = [files.accepted.length, files.failed.filter(isProblem)];
  const retry = failed.some(({ brokeOff }) => brokeOff) ? () => run(files) : null;
  sent = files;
  if (failed.length === 0) {
    phase = accepted > 0 ? 'sent' : 'idle';
  } else if (accepted > 0) {
    phase = 'partly';
  } else {
    phase = failed.every(({ brokeOff }) => brokeOff) ? 'interrupted' : 'refused';
  }
  if (accepted > 0) {
    clearIntake();
  }
  draw();
  if (failed.length === 1 && files.files.length === 1) {
    showProblem(problemOfFile(failed[0]), { retry, readAs: mapColumn });
  } else if (failed.length > 0) {
    showProblem({
      title: failed.length === 1 ? 'A file was not accepted' : `${failed.length} files were not accepted`,
      errors: failed.map((file) =>
        ({ column: file.file.name, detail: inOneSentence(problemOfFile(file)) })),
    }, { retry });
  }
  byId(accepted > 0 ? 'headline' : 'upload').focus();
}

const isProblem = ({ failure }) => !(failure instanceof Stopped);
const problemOfFile = ({ brokeOff, failure }) => (brokeOff ? BROKE_OFF : problemOf(failure));
const inOneSentence = ({ title, detail }) => [title, detail].filter(Boolean).join(': ');

const BROKE_OFF = {
  title: 'The upload broke off',
  detail: 'The connection ended before the server answered. The server can be away, the file can '
    + 'be too large for it, or the file changed while it was sent.',
};

function track(id) {
  tracking = new Tracking(id, {
    changed: redraw,
    failed: noteFailure,
    recovered: () => setText(byId('action-note'), ''),
  });
  draw();
}

function noteFailure(failure) {
  setText(byId('action-note'), problemOf(failure).detail);
}

/** Stops watching, and clears what was shown. */
function leave() {
  tracking?.stop();
  tracking = null;
  sent = null;
  problemShownFor = null;
  rememberedFor = null;
  phase = 'idle';
  hideProblem();
  clearJob();
  setText(byId('action-note'), '');
}

/** Shows what the address says: a job, or the form. */
function route() {
  sending?.stop();
  sending = null;
  leave();
  const id = new URLSearchParams(location.search).get('job')?.trim();
  if (!id) {
    draw();
  } else if (ID.test(id)) {
    track(id);
  } else {
    phase = 'unknown';
    showProblem({ title: 'Not a transaction ID', detail: `“${id.slice(0, 80)}” cannot be one.` });
    draw();
    show('again', true);
  }
}

async function act(button, working, action) {
  if (button.getAttribute('aria-disabled') === 'true') {
    return;
  }
  button.setAttribute('aria-disabled', 'true');
  setText(byId('action-note'), working);
  try {
    await action();
    setText(byId('action-note'), '');
  } catch (failure) {
    noteFailure(failure);
  }
  button.removeAttribute('aria-disabled');
  redraw();
}

function onAction(id, working, action) {
  byId(id).addEventListener('click', (event) => act(event.currentTarget, working, action));
}

const fileStem = () => (tracking.job.fileName ?? 'products').replace(/(\.(csv|tsv|txt))?(\.gz)?$/i, '');

onAction('cancel', '', async () => {
  if (sending !== null) {
    sending.stop();
    return;
  }
  try {
    await tracking.cancel();
  } catch (failure) {
    // The job has finished: the final event says so.
    if (!(failure instanceof Refusal && failure.status === 409)) {
      throw failure;
    }
  }
});
onAction('download-rejections', 'Fetching the rejected rows…', () =>
  download(tracking.job.links.rejections, `${fileStem()}-rejected.csv`));
onAction('download-products', 'Fetching the accepted rows…', () =>
  download(tracking.job.links.products, `${fileStem()}-accepted.csv`));
onAction('more-rejections', '', () => tracking.moreRejections());
onAction('more-products', '', () => tracking.moreProducts());

function goToForm() {
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
    word.data = await copyText(byId(button.dataset.copy)) ? 'Copied' : 'Selected';
    setText(byId('copy-note'), word.data);
    setTimeout(() => {
      word.data = 'Copy';
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

prepareSession();
prepareIntake({
  send,
  // The refusal of the file before says nothing about another one.
  free: () => {
    if (sending !== null) {
      setText(byId('action-note'), 'Wait until the files before have arrived.');
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
