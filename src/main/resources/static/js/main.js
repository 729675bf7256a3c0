import { PHASES, messageOf } from './phases.js';
import { Refusal, Stopped, Unreachable, download, upload } from './api.js';
import { atFramePace, byId, setText } from './dom.js';
import { clearIntake, mapColumn, prepareIntake } from './intake.js';
import { clearJob, drawJob, drawUpload } from './job-view.js';
import { hideProblem, problemOf, showProblem } from './problem.js';
import { Tracking } from './tracking.js';
import { copyText } from './clipboard.js';
import { percent } from './format.js';

/** The server's IDs hold nothing else; what does is no ID, and no part of a shell command. */
const ID = /^[\w-]{1,128}$/;

let phase = 'idle';
let sending = null;
let tracking = null;
let problemShownFor = null;

const redraw = atFramePace(draw);

function draw() {
  if (sending !== null) {
    phase = 'uploading';
    drawUpload(sending);
  } else if (tracking !== null) {
    phase = tracking.phase;
    drawJob(tracking);
    showOutcome();
  }
  const { word, headline, end } = PHASES[phase];
  byId('label').dataset.state = phase;
  byId('state').dataset.state = phase;
  setText(byId('state'), word);
  setText(byId('headline'), headline);
  setText(byId('message'), messageOf(phase, tracking?.job));
  document.title = titleOf(word);

  const atForm = ['idle', 'refused', 'interrupted'].includes(phase);
  byId('intake').hidden = !atForm;
  byId('job').hidden = atForm;
  const job = tracking?.job ?? null;
  const finished = end && job !== null;
  show('cancel', sending !== null || (job !== null && !end));
  byId('cancel').setAttribute('aria-disabled', phase === 'cancelling');
  setText(byId('cancel'), cancelWord());
  show('again', tracking !== null);
  show('download-rejections', finished && job.counts.rejected > 0);
  show('download-products', finished && job.counts.rows > job.counts.rejected);
}

function cancelWord() {
  if (phase === 'cancelling') {
    return 'Cancelling…';
  }
  return sending === null ? 'Cancel the import' : 'Stop the upload';
}

function titleOf(word) {
  const job = tracking?.job;
  if (!job) {
    return phase === 'idle' ? 'Waybill' : `${word} – Waybill`;
  }
  return `${phase === 'running' ? percent(job.percent) : word} · ${job.fileName ?? 'CSV'} – Waybill`;
}

/** A failed or unknown job has a problem of its own; it is shown once, since it is read aloud. */
function showOutcome() {
  const problem = tracking.unknown ?? tracking.job?.error ?? null;
  if (problem !== null && problemShownFor !== tracking) {
    problemShownFor = tracking;
    showProblem(problem);
  }
}

/** Focus must not fall off the page with the button that had it. */
function show(id, visible) {
  const element = byId(id);
  const held = !visible && document.activeElement === element;
  element.hidden = !visible;
  if (held) {
    byId('headline').focus();
  }
}

async function send(file, parameters, key = newKey()) {
  leave();
  const onWay = { file, dryRun: parameters.has('dryRun'), sent: 0, total: file.size };
  const { job, stop } = upload(file, parameters, key, (sent, total) => {
    Object.assign(onWay, { sent, total });
    redraw();
  });
  onWay.stop = stop;
  sending = onWay;
  draw();
  byId('headline').focus();
  try {
    const { transactionId } = await job;
    if (sending !== onWay) {
      return;
    }
    sending = null;
    clearIntake();
    history.pushState(null, '', `/?job=${transactionId}`);
    track(transactionId);
  } catch (failure) {
    if (sending !== onWay) {
      return;
    }
    sending = null;
    const brokeOff = failure instanceof Unreachable;
    phase = brokeOff ? 'interrupted' : 'refused';
    if (failure instanceof Stopped) {
      phase = 'idle';
    }
    draw();
    if (phase !== 'idle') {
      // The first request may have arrived all the same: the same key brings back its job.
      showProblem(brokeOff ? BROKE_OFF : problemOf(failure), {
        retry: brokeOff ? () => send(file, parameters, key) : null,
        readAs: mapColumn,
      });
    }
    byId('upload').focus();
  }
}

const BROKE_OFF = {
  title: 'The upload broke off',
  detail: 'The connection ended before the server answered. It can be away, the file can be too '
    + 'large for it, or the file was changed while it was sent.',
};

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function track(id) {
  tracking = new Tracking(id, redraw, tellFailure);
  draw();
}

function tellFailure(failure) {
  setText(byId('action-note'), problemOf(failure).detail);
}

/** Nothing of what was shown goes on. */
function leave() {
  tracking?.stop();
  tracking = null;
  problemShownFor = null;
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
    tellFailure(failure);
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
    // Finished meanwhile: the final event says so.
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

byId('again').addEventListener('click', () => {
  history.pushState(null, '', '/');
  route();
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

prepareIntake(send, (failure) => showProblem(problemOf(failure)));
route();
