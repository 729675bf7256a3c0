import * as format from './format.js';
import { byId, make, setText } from './dom.js';
import { RESULTS } from './undo.js';
import { drawPace } from './pace-view.js';
import { text } from './texts.js';

/** Shows an undo while it runs, and the products that it has reversed or left unchanged. */

let drawn = -1;

export function clearUndo() {
  drawn = -1;
  byId('undo-part').hidden = true;
  for (const result of RESULTS) {
    byId(`undo-${result}-part`).hidden = true;
    byId(`undo-${result}-list`).replaceChildren();
  }
}

export function drawUndo(tracking) {
  const { job, undone } = tracking;
  const bar = byId('undo-bar');
  bar.setAttribute('aria-valuenow', Math.floor(job.percent));
  bar.setAttribute('aria-valuetext', format.percent(job.percent));
  bar.firstElementChild.style.transform = `scaleX(${job.percent / 100})`;
  setText(byId('undo-percent'), format.percent(job.percent));
  byId('undo-of').href = `/?job=${encodeURIComponent(job.undoes)}`;
  setText(byId('undo-of'), job.fileName ?? job.undoes);
  byId('undo-check-note').hidden = !job.dryRun;
  drawPace(tracking, 'undo-', job.productsPerSecond === null
    ? format.NOTHING
    : text('undo.rate', { count: job.productsPerSecond }));
  byId('undo-eta').parentElement.hidden = job.finishedAt !== null;
  for (const result of RESULTS) {
    setText(byId(`undo-${result}`), format.count(job.counts[result]));
    byId(`undo-${result}`).parentElement.classList.toggle('some', job.counts[result] > 0);
  }
  setText(byId('undo-reversed-caption'), text(job.dryRun ? 'undo.would-reverse' : 'undo.reversed'));
  if (drawn !== undone.version) {
    drawn = undone.version;
    RESULTS.forEach((result) => drawList(result, undone.lists[result], tracking));
  }
}

function drawList(result, { items, next }, tracking) {
  byId(`undo-${result}-part`).hidden = items.length === 0;
  byId(`undo-${result}-list`).replaceChildren(...items.map(({ sku, by }) => make('li', {},
    make('code', { textContent: sku }),
    // Only a kept product shows its last writer. The last writer of the others is the job itself.
    ...(result !== 'kept' || by == null ? [] : [' ', make('a', {
      href: `/?job=${encodeURIComponent(by)}`,
      textContent: text('undo.by'),
      ariaLabel: text('undo.by-of', { sku }),
    })]))));
  const button = byId(`more-${result}`);
  button.hidden = next === null;
  button.onclick = () => tracking.moreUndone(result);
}

/** One sentence for the phase of an undo. */
export function undoMessage(phase, job) {
  const { kept, missing, reversed } = job.counts;
  switch (phase) {
    case 'complete':
      return text(job.dryRun ? 'undo.message.checked' : 'undo.message.complete', {
        reversed, kept, missing,
      });
    case 'cancelled':
    case 'failed':
      return text('undo.message.partly', { count: reversed });
    case 'reconnecting':
      return text('undo.message.reconnecting');
    case 'cancelling':
      return text('undo.message.cancelling');
    default:
      return text(job.dryRun ? 'undo.message.checking' : `undo.message.${phase}`);
  }
}

export const undoHeadline = (phase, job) =>
  text(`undo.headline.${job.dryRun ? 'check' : { complete: 'complete' }[phase] ?? 'running'}`);

/** A short text on an undo, for a list of jobs. */
export const undoOutcome = ({ counts, dryRun }) =>
  text(dryRun ? 'undo.outcome-check' : 'undo.outcome', { count: counts.reversed });
