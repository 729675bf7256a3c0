import * as format from './format.js';
import { byId, make, setText } from './dom.js';
import { PHASES } from './phases.js';
import { barcode } from './barcode.js';
import { jobPath, pathOf } from './api.js';
import { productRows, rejectionRows } from './tables.js';

const STEPS = ['upload', 'queue', 'import', 'end'];
const COUNTS = ['rows', 'created', 'updated', 'unchanged', 'rejected'];

let drawnProducts = -1;
let drawnRejections = -1;
/** Row numbers in the table; rows are mostly added behind them, and what stands keeps its place. */
let drawnRows = [];
let drawnReading = null;

/** Forgets the job drawn before, so that nothing of it shows beside the next one. */
export function clearJob() {
  drawnProducts = -1;
  drawnRejections = -1;
  drawnRows = [];
  drawnReading = null;
  for (const id of ['rejections', 'products', 'columns', 'barcode']) {
    byId(id).replaceChildren();
  }
  for (const id of ['rejections-part', 'products-part', 'columns-part', 'watching', 'tracking']) {
    byId(id).hidden = true;
  }
  for (const id of COUNTS) {
    showCount(id, null);
  }
  for (const id of ['from', 'rate', 'eta', 'bytes']) {
    setText(byId(id), '–');
  }
  setText(byId('transaction-id'), '');
  showBar(0, 'Progress');
}

/** A file on its way to the server. */
export function drawUpload({ file, dryRun, sent, total }) {
  showRoute(`${file.name}, ${format.size(file.size)}`, dryRun);
  showSteps('uploading', null);
  const arrived = total > 0 && sent >= total;
  showBar(total > 0 ? (100 * sent) / total : 0, 'Upload');
  setText(byId('eta'), arrived ? 'Checking the file…' : '–');
  setText(byId('bytes-caption'), 'Sent');
  setText(byId('bytes'), `${format.size(sent)} of ${format.size(total)}`);
}

/** A job, as far as it is known: `tracking.job` is null until the server's first word. */
export function drawJob(tracking) {
  const { job, phase } = tracking;
  showTracking(tracking);
  showSteps(phase, job);
  if (job === null) {
    return;
  }
  showRoute(`${job.fileName ?? 'CSV'}, ${format.size(job.bytes.total)}`, job.dryRun);
  showBar(job.percent ?? 0, 'Import');
  COUNTS.forEach((id) => showCount(id, job.counts[id]));
  setText(byId('created-caption'), job.dryRun ? 'Would create' : 'Created');
  setText(byId('updated-caption'), job.dryRun ? 'Would update' : 'Updated');
  byId('bar').setAttribute('aria-valuetext',
    `${format.percent(job.percent)}, ${format.counted(job.counts.rows, 'row', 'rows')}`);
  showPace(job);
  showReading(job);
  showRejections(tracking);
  showProducts(tracking);
}

function showTracking({ id, job, phase }) {
  const known = phase !== 'unknown';
  byId('tracking').hidden = !known;
  // The command holds the ID: it is offered for copying once the server knows that ID.
  byId('watching').hidden = !known || job === null;
  if (byId('transaction-id').textContent !== id) {
    byId('transaction-id').textContent = id;
    byId('barcode').replaceChildren(barcode(id));
  }
  const events = job === null ? `${jobPath(id)}/events` : pathOf(job.links.events);
  setText(byId('curl'), `curl -N ${location.origin}${events}`);
}

function showRoute(from, dryRun) {
  setText(byId('from'), from);
  setText(byId('to'), dryRun ? 'Dry run, nothing is stored' : 'The product table');
  byId('dry-run-note').hidden = !dryRun;
}

function showSteps(phase, job) {
  // While the line is down, the way stands where the job was last seen.
  const seen = phase === 'reconnecting' && job !== null
    ? { QUEUED: 'queue', RUNNING: 'import' }[job.status]
    : PHASES[phase].step;
  const current = STEPS.indexOf(seen);
  for (const item of byId('steps').children) {
    const at = STEPS.indexOf(item.dataset.step);
    item.classList.toggle('past', at < current || (at === current && phase === 'complete'));
    if (at === current) {
      item.setAttribute('aria-current', 'step');
    } else {
      item.removeAttribute('aria-current');
    }
  }
}

function showBar(percent, label) {
  const bar = byId('bar');
  bar.setAttribute('aria-label', label);
  bar.setAttribute('aria-valuenow', Math.floor(percent));
  bar.setAttribute('aria-valuetext', format.percent(percent));
  byId('fill').style.transform = `scaleX(${percent / 100})`;
  setText(byId('percent'), format.percent(percent));
}

function showCount(id, number) {
  const element = byId(id);
  setText(element, format.count(number));
  element.dataset.value = number ?? '';
  element.parentElement.classList.toggle('some', number > 0);
}

function showPace(job) {
  const took = job.startedAt && job.finishedAt
    ? format.secondsBetween(job.startedAt, job.finishedAt)
    : null;
  const average = took ? job.counts.rows / took : job.rowsPerSecond;
  setText(byId('rate'), format.rate(job.finishedAt ? average : job.rowsPerSecond));
  setText(byId('eta-caption'), job.finishedAt ? 'Took' : 'Time left');
  setText(byId('eta'), format.duration(job.finishedAt ? took : job.etaSeconds));
  setText(byId('bytes-caption'), 'Read');
  setText(byId('bytes'), `${format.size(job.bytes.read)} of ${format.size(job.bytes.total)}`);
}

function showReading(job) {
  const reading = JSON.stringify([job.charset, job.delimiter, job.mapping]);
  if (reading === drawnReading) {
    return;
  }
  drawnReading = reading;
  byId('columns-part').hidden = false;
  setText(byId('reading'), `Charset ${job.charset ?? '–'}, delimiter ${job.delimiter ?? '–'}.`);
  byId('columns').replaceChildren(...Object.entries(job.mapping ?? {}).map(([header, field]) =>
    make('li', {}, make('code', { textContent: header }), ` → ${field ?? 'kept as an attribute'}`)));
}

function showRejections(tracking) {
  const { rejected } = tracking.job.counts;
  byId('rejections-part').hidden = rejected === 0 && tracking.rejections.size === 0;
  byId('more-rejections').hidden = !tracking.hasMoreRejections;
  if (drawnRejections !== tracking.rejectionsVersion) {
    drawnRejections = tracking.rejectionsVersion;
    const shown = tracking.rejections.first(tracking.rejectionsLimit);
    if (drawnRows.every((row, at) => shown[at]?.row === row)) {
      byId('rejections').append(...rejectionRows(shown.slice(drawnRows.length)));
    } else {
      byId('rejections').replaceChildren(...rejectionRows(shown));
    }
    drawnRows = shown.map(({ row }) => row);
  }
  const shown = Math.min(tracking.rejections.size, tracking.rejectionsLimit);
  setText(byId('rejections-shown'),
    `${format.count(shown)} of ${format.count(Math.max(rejected, shown))} shown`);
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
    listed ? `${format.counted(products.length, 'row', 'rows')} shown` : '');
}

function titleOf(job, listed) {
  if (job.dryRun) {
    return 'Newest accepted rows, not stored';
  }
  return listed ? 'Accepted products' : 'Newest products';
}
