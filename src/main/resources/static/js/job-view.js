import * as format from './format.js';
import { byId, make, setBreakable, setText } from './dom.js';
import { PHASES } from './phases.js';
import { clearCauses, drawCauses } from './causes-view.js';
import { clearChanges, drawChanges } from './changes-view.js';
import { clearUndo, drawUndo, drawUndone } from './undo-view.js';
import { isUndo } from './undo.js';
import { closeRepair } from './repair-view.js';
import { barcode } from './barcode.js';
import { clearExternal, drawExternal, isExternal } from './external.js';
import { clearChart, drawChart } from './chart-view.js';
import { column } from './intake.js';
import { putProgressFirst, putResultFirst } from './course.js';
import { drawExternalPace, drawPace } from './pace-view.js';
import { jobPath, pathOf } from './api.js';
import { noticeContent } from './notices.js';
import { clearPriceWarnings, drawPriceWarnings } from './price-warnings.js';
import { productRows, rejectionRows } from './tables.js';
import { sentRows } from './sent-rows.js';
import { text, textOr } from './texts.js';

const STEPS = ['upload', 'queue', 'import', 'end'];
const MOST_NAMED = 12;
const COUNTS = ['rows', 'created', 'updated', 'unchanged', 'rejected'];

let drawnProducts = -1;
let drawnRejections = -1;
/**
 * The row numbers that the table shows. New rows are usually appended, so rows that are already
 * drawn are kept.
 */
let drawnRows = [];
let drawnReading = null;

/**
 * Clears all parts of the job that was shown before, so that no part of it stays visible beside the
 * next job.
 */
export function clearJob() {
  drawnProducts = -1;
  drawnRejections = -1;
  drawnRows = [];
  drawnReading = null;
  for (const id of ['rejections', 'products', 'columns', 'notices', 'barcode']) {
    byId(id).replaceChildren();
  }
  for (const id of ['rejections-part', 'products-part', 'columns-part', 'unrecognised', 'notices',
    'watching', 'tracking', 'place', 'dry-run-note', 'parent-note', 'repaired-note']) {
    byId(id).hidden = true;
  }
  for (const id of COUNTS) {
    showCount(id, null);
  }
  for (const id of ['from', 'rate', 'eta', 'bytes']) {
    setText(byId(id), '–');
  }
  setText(byId('transaction-id'), '');
  clearExternal();
  clearChart();
  clearUndo();
  clearCauses();
  clearChanges();
  clearPriceWarnings();
  closeRepair();
  byId('label').classList.remove('external');
  putProgressFirst();
  showBar('', 0);
}

/** Shows the progress of files that are being sent. */
export function drawUpload(sending) {
  const { file, dryRun, preview, sent, total, bytesPerSecond, secondsLeft } = sending.current;
  const which = sending.files.length === 1
    ? ''
    : ` (${text('upload.which', { position: sending.position, count: sending.files.length })})`;
  showStage('upload-part');
  showRoute(`${file.name}, ${format.size(file.size)}${which}`, dryRun);
  if (preview) {
    setText(byId('to'), text('upload.to-preview'));
  }
  showSteps('uploading', null, dryRun);
  const arrived = total > 0 && sent >= total;
  showBar('upload-', total > 0 ? (100 * sent) / total : 0);
  setText(byId('upload-rate'), format.speed(bytesPerSecond));
  setText(byId('upload-eta'), arrived ? text('upload.checking') : format.wholeSeconds(secondsLeft));
  setText(byId('upload-bytes'), text('of', { part: format.size(sent), all: format.size(total) }));
}

function showStage(id) {
  for (const part of ['upload-part', 'import-part', 'external-part', 'undo-part']) {
    byId(part).hidden = part !== id;
  }
}

/**
 * Shows a job. `tracking.job` is null until the server has sent its state.
 *
 * @param repair called with the cause whose rows the user wants to repair
 */
export function drawJob(tracking, repair) {
  const { job, phase } = tracking;
  const [external, undo] = [isExternal(job), isUndo(job)];
  showStage(external ? 'external-part' : undo ? 'undo-part' : 'import-part');
  byId('label').classList.toggle('external', external || undo);
  showTracking(tracking);
  showSteps(phase, job, job?.dryRun === true);
  (tracking.unknown === null && PHASES[phase].end ? putResultFirst : putProgressFirst)();
  if (job === null) {
    return;
  }
  if (external) {
    byId('dry-run-note').hidden = true;
    drawExternal(job);
    drawExternalPace(tracking);
    return;
  }
  drawUndone(job);
  if (undo) {
    byId('dry-run-note').hidden = true;
    drawUndo(tracking);
    return;
  }
  showRoute(`${job.fileName ?? 'CSV'}, ${format.size(job.bytes.total)}`, job.dryRun);
  showFamily(job);
  showBar('', job.percent ?? 0);
  showPlace(job);
  COUNTS.forEach((id) => showCount(id, job.counts[id]));
  setText(byId('created-caption'), text(job.dryRun ? 'counts.would-create' : 'counts.created'));
  setText(byId('updated-caption'), text(job.dryRun ? 'counts.would-update' : 'counts.updated'));
  byId('bar').setAttribute('aria-valuetext',
    `${format.percent(job.percent)}, ${text('rows', { count: job.counts.rows })}`);
  showPace(tracking);
  drawChart(tracking);
  showReading(job);
  drawChanges(tracking);
  drawPriceWarnings(tracking);
  drawCauses(tracking, { show: (cause) => tracking.showCause(cause), repair },
    tracking.ended && !job.dryRun);
  showRejections(tracking);
  showProducts(tracking);
}

function showTracking({ id, job, phase }) {
  const known = phase !== 'unknown';
  byId('tracking').hidden = !known;
  // Shows the command only after the server has confirmed the job's ID, because the command
  // contains this ID.
  byId('watching').hidden = !known || job === null;
  if (byId('transaction-id').textContent !== id) {
    // Two lines of the same length are easier to compare than a long line and a short one.
    const half = Math.ceil(id.length / 2);
    byId('transaction-id').replaceChildren(id.slice(0, half), make('wbr'), id.slice(half));
    byId('barcode').replaceChildren(barcode(id));
  }
  const events = job === null ? `${jobPath(id)}/events` : pathOf(job.links.events);
  setBreakable(byId('curl'), `curl -N ${location.origin}${events}`);
}

function showRoute(from, dryRun) {
  setBreakable(byId('from'), from);
  setText(byId('to'), text(dryRun ? 'to.dry-run' : 'to.products'));
  byId('dry-run-note').hidden = !dryRun;
}

/**
 * Shows the import whose rejected rows this import repairs. Also shows how many rejected rows of
 * this import were repaired.
 */
function showFamily({ parentId, repairedRows, counts }) {
  byId('parent-note').hidden = parentId === undefined;
  setText(byId('parent-link'), text('repair.parent'));
  byId('parent-link').href = `/?job=${encodeURIComponent(parentId ?? '')}`;
  byId('repaired-note').hidden = repairedRows === undefined;
  setText(byId('repaired-note'), text('repair.repaired', {
    count: repairedRows ?? 0, repaired: format.count(repairedRows ?? 0), rejected: format.count(counts.rejected),
  }));
}

function showSteps(phase, job, dryRun) {
  // A dry run imports nothing, so its list must not have a step that says so.
  setText(byId('import-step'), text(dryRun ? 'steps.check' : 'steps.import'));
  // While the connection is lost, the steps show the last known state of the job.
  const seen = phase === 'reconnecting' && job !== null
    ? { QUEUED: 'queue', RUNNING: 'import' }[job.status]
    : PHASES[phase].step;
  const current = STEPS.indexOf(seen);
  for (const item of byId('steps').children) {
    const at = STEPS.indexOf(item.dataset.step);
    item.classList.toggle('past', at < current || (at === current && ['complete', 'rejected'].includes(phase)));
    if (at === current) {
      item.setAttribute('aria-current', 'step');
    } else {
      item.removeAttribute('aria-current');
    }
  }
}

/**
 * @param prefix the prefix of the element IDs, because the upload and the import each have a bar
 */
function showBar(prefix, percent) {
  const bar = byId(`${prefix}bar`);
  bar.setAttribute('aria-valuenow', Math.floor(percent));
  bar.setAttribute('aria-valuetext', format.percent(percent));
  bar.firstElementChild.style.transform = `scaleX(${percent / 100})`;
  setText(byId(`${prefix}percent`), format.percent(percent));
}

function showPlace({ status, queuePosition }) {
  const queued = status === 'QUEUED' && queuePosition != null;
  byId('place').hidden = !queued;
  if (queued) {
    const ahead = queuePosition - 1;
    setText(byId('place'), ahead === 0
      ? text('queue.next')
      : text('queue.place', { place: queuePosition, count: ahead }));
  }
}

function showCount(id, number) {
  const element = byId(id);
  setText(element, format.count(number));
  element.dataset.value = number ?? '';
  element.parentElement.classList.toggle('some', number > 0);
}

function showPace(tracking) {
  const { job } = tracking;
  const finished = job.finishedAt !== null;
  setText(byId('eta-caption'), text(finished ? 'pace.took' : 'pace.left'));
  if (finished) {
    const took = job.startedAt === null ? null : format.secondsBetween(job.startedAt, job.finishedAt);
    setText(byId('rate'), format.rate(took ? job.counts.rows / took : job.rowsPerSecond));
    setText(byId('eta'), format.duration(took));
  } else {
    drawPace(tracking, '', format.rate(job.rowsPerSecond));
  }
  setText(byId('bytes'), text('of', {
    part: format.size(job.bytes.read), all: format.size(job.bytes.total),
  }));
}

function showReading(job) {
  const reading = JSON.stringify([job.charset, job.delimiter, job.format, job.mapping, job.notices]);
  if (reading === drawnReading) {
    return;
  }
  drawnReading = reading;
  byId('columns-part').hidden = false;
  setText(byId('reading'), text('reading', {
    charset: job.charset ?? '–',
    delimiter: textOr('delimiter', job.delimiter ?? '–'),
    format: textOr('review.format', job.format ?? 'general'),
  }));
  const columns = Object.entries(job.mapping ?? {}).map(([header, field]) => ({ header, field }));
  byId('columns').replaceChildren(...columns.map(column));
  showNotices(job);
  showUnrecognised(columns.filter(({ field }) => field === null).map(({ header }) => header));
}

/**
 * Shows notices, which are not errors but are important. Columns that become attributes are shown
 * in another place, above the notices.
 */
function showNotices(job) {
  const shown = (job.notices ?? []).filter(({ code }) => code !== 'column-unknown');
  byId('notices').hidden = shown.length === 0;
  byId('notices').replaceChildren(...shown.map((notice) =>
    make('li', {}, ...noticeContent(notice, job))));
}

function showUnrecognised(headers) {
  byId('unrecognised').hidden = headers.length === 0;
  const named = headers.slice(0, MOST_NAMED).flatMap((header, at) =>
    [at === 0 ? '' : ', ', make('code', { textContent: header })]);
  const more = headers.length - MOST_NAMED;
  byId('unrecognised').replaceChildren(
    text('unrecognised', { count: headers.length }), ' ',
    ...named,
    more > 0 ? ` ${text('and-more', { count: more })}.` : '.');
}

function showRejections(tracking) {
  const { rows: shown, total, more } = tracking.listedRejections;
  byId('rejections-part').hidden = total === 0;
  byId('more-rejections').hidden = !more;
  if (drawnRejections !== tracking.rejectionsVersion) {
    drawnRejections = tracking.rejectionsVersion;
    const sent = sentRows(tracking.id).rows;
    if (drawnRows.every((row, at) => shown[at]?.row === row)) {
      byId('rejections').append(...rejectionRows(shown.slice(drawnRows.length), sent));
    } else {
      byId('rejections').replaceChildren(...rejectionRows(shown, sent));
    }
    drawnRows = shown.map(({ row }) => row);
  }
  setText(byId('rejections-shown'),
    text('rejections.shown', { shown: shown.length, count: total }));
}

function showProducts(tracking) {
  const { products, ended } = tracking;
  byId('products-part').hidden = products.length === 0;
  byId('more-products').hidden = tracking.knowsAllProducts;
  if (drawnProducts === tracking.productsVersion) {
    return;
  }
  drawnProducts = tracking.productsVersion;
  const listed = products.some(({ result }) => result !== undefined);
  setText(byId('products-title'), titleOf(tracking.job, listed));
  byId('products-part').classList.toggle('with-results', listed);
  byId('products').replaceChildren(...productRows(products, ended ? 0 : tracking.freshProducts));
  setText(byId('products-shown'),
    listed ? text('products.shown', { count: products.length }) : '');
}

function titleOf(job, listed) {
  if (job.dryRun) {
    return text('products.not-stored');
  }
  return text(listed ? 'products.accepted' : 'products.newest');
}
