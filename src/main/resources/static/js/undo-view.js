import * as format from './format.js';
import { byId, make, setBreakable, setText } from './dom.js';
import { oldAndNew } from './changes-view.js';
import { drawPace } from './pace-view.js';
import { tableRow } from './tables.js';
import { RESULTS, isUndo } from './undo.js';
import { text } from './texts.js';

/**
 * Shows an undo while it runs, and the products that it has reversed or left unchanged. The undo of
 * an undo has its own texts, because after it the products have the values of the import again.
 */

/** The effects of an undo on products, in the order in which the page shows them. */
const EFFECTS = ['deleted', 'updated', 'recreated'];

let drawn = -1;

export function clearUndo() {
  drawn = -1;
  byId('undo-part').hidden = true;
  for (const result of RESULTS) {
    byId(`undo-${result}-part`).hidden = true;
    byId(`undo-${result}-list`).replaceChildren();
  }
  byId('undone-note').hidden = true;
}

/** Shows whether a job was undone, with a link to the undo. */
export function drawUndone(job) {
  const { undone } = job;
  byId('undone-note').hidden = undone === undefined;
  if (undone !== undefined) {
    setText(byId('undone-stamp'), undoneWord(job));
    byId('undone-stamp').hidden = undoneWord(job) === '';
    setText(byId('undone-message'), undoneMessage(job));
    byId('undone-by').href = `/?job=${encodeURIComponent(undone.reversedBy ?? undone.by)}`;
  }
}

/** The badge of a job that was undone; empty if the job is not undone or its undo still runs. */
export function undoneWord(job) {
  if (!job.undone?.at || job.undone.reversedBy !== undefined) {
    return '';
  }
  return text(isUndo(job) && !job.redo ? 'undone.reversed' : 'undone');
}

/** One sentence about the undo of a job. */
export function undoneMessage(job) {
  const { at, reversedBy, reversedAt } = job.undone;
  const what = isUndo(job) ? (job.redo ? 'redo' : 'undo') : 'import';
  const state = reversedBy === undefined
    ? (at === null ? 'running' : 'done')
    : (reversedAt === undefined ? 'reversing' : 'reversed');
  return text(`undone.${what}.${state}`, {
    at: format.moment(at), reversedAt: format.moment(reversedAt),
  });
}

const kindOf = ({ redo }) => (redo ? 'redo' : 'undo');
const tenseOf = ({ dryRun }) => (dryRun ? 'would' : 'did');

/** The number of products for each effect. */
const effectsOf = ({ counts: { reversed, deleted, recreated } }) =>
  ({ deleted, updated: reversed - deleted - recreated, recreated });

export function drawUndo(tracking) {
  const { job, undone } = tracking;
  // Hides the bar after the end. The counts then show the result, and a full bar before the counts
  // would give no information.
  byId('undo-bar-row').hidden = job.finishedAt !== null;
  byId('undo-pace').hidden = job.finishedAt !== null;
  const bar = byId('undo-bar');
  bar.setAttribute('aria-valuenow', Math.floor(job.percent));
  bar.setAttribute('aria-valuetext', format.percent(job.percent));
  bar.firstElementChild.style.transform = `scaleX(${job.percent / 100})`;
  setText(byId('undo-percent'), format.percent(job.percent));
  byId('undo-of').href = `/?job=${encodeURIComponent(job.undoes)}`;
  setBreakable(byId('undo-of'), job.fileName ?? job.undoes);
  byId('undo-check-note').hidden = !job.dryRun;
  drawPace(tracking, 'undo-', job.productsPerSecond === null
    ? format.NOTHING
    : text('undo.rate', { count: job.productsPerSecond }));
  setText(byId('undo-what'), text(`${kindOf(job)}.what`));
  const effects = effectsOf(job);
  for (const effect of EFFECTS) {
    showCount(effect, effects[effect]);
    setText(byId(`undo-${effect}-caption`), text(`${captionOf(effect, job)}.${tenseOf(job)}`));
  }
  showCount('kept', job.counts.kept);
  showCount('missing', job.counts.missing);
  setText(byId('undo-reversed-title'), text(`${kindOf(job)}.title.${tenseOf(job)}`));
  if (drawn !== undone.version) {
    drawn = undone.version;
    RESULTS.forEach((result) => drawList(result, undone.lists[result], tracking));
  }
}

/**
 * The caption of an effect. Only the caption for updated products depends on the undo: the products
 * get their old values back, or the values of the import.
 */
const captionOf = (effect, job) =>
  `${effect === 'updated' ? kindOf(job) : 'undo'}.caption.${effect}`;

function showCount(id, number) {
  setText(byId(`undo-${id}`), format.count(number));
  byId(`undo-${id}`).parentElement.classList.toggle('some', number > 0);
}

function drawList(result, { items, next }, tracking) {
  byId(`undo-${result}-part`).hidden = items.length === 0;
  byId(`undo-${result}-list`).replaceChildren(...items.map(result === 'reversed'
    ? (item) => reversedRow(item, tracking.job)
    : leftProduct));
  const button = byId(`more-${result}`);
  button.hidden = next === null;
  button.onclick = () => tracking.moreUndone(result);
}

function leftProduct({ sku, by }) {
  return make('li', {},
    make('code', { textContent: sku }),
    // Shows no job if `by` is missing. A missing product has no last writer, and the writer of a
    // kept product may be deleted.
    ...(by == null ? [] : [' ', make('a', {
      href: `/?job=${encodeURIComponent(by)}`,
      textContent: text('undo.by'),
      ariaLabel: text('undo.by-of', { sku }),
    })]));
}

function reversedRow({ sku, result, changes = [] }, job) {
  return tableRow([
    [text('field.sku'), sku, 'sku'],
    [text('changes.label'), changes.length > 0
      ? oldAndNew(changes)
      : text(`${captionOf(result, job)}.${tenseOf(job)}`), 'changes'],
  ]);
}

/** One sentence about the products of an undo. */
function sentence(job) {
  const { kept, missing } = job.counts;
  const effects = effectsOf(job);
  const parts = EFFECTS.filter((effect) => effects[effect] > 0).map((effect) =>
    text(`${effect === 'updated' ? kindOf(job) : 'undo'}.${effect}.${tenseOf(job)}`, {
      count: effects[effect],
    }));
  if (parts.length === 0) {
    parts.push(text(`undo.nothing.${tenseOf(job)}`));
  }
  if (kept > 0) {
    parts.push(text(`undo.kept.${tenseOf(job)}`, { count: kept }));
  }
  if (missing > 0) {
    parts.push(text('undo.missing', { count: missing }));
  }
  return text('undo.sentence', { parts: parts.join(text('undo.comma')) });
}

/** One sentence for the phase of an undo. */
export function undoMessage(phase, job) {
  switch (phase) {
    case 'foreseen':
    case 'complete':
      return sentence(job);
    case 'cancelled':
    case 'failed':
      return text('undo.message.partly', { count: job.counts.reversed });
    case 'reconnecting':
      return text('undo.message.reconnecting');
    case 'cancelling':
      return text('undo.message.cancelling');
    default:
      return text(job.dryRun ? 'undo.message.checking' : `undo.message.${phase}`);
  }
}

export const undoHeadline = (phase, job) =>
  text(`${kindOf(job)}.headline.${job.dryRun ? 'check' : phase === 'complete' ? 'complete' : 'running'}`);

/** A short text on an undo, for a list of jobs. */
export const undoOutcome = (job) =>
  text(`${kindOf(job)}.${job.dryRun ? 'outcome-check' : 'outcome'}`, { count: job.counts.reversed });
