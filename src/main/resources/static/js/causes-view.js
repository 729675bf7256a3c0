import { isFinished } from './stream.js';
import { byId, make, setText } from './dom.js';
import { hasText, text } from './texts.js';
import { count } from './format.js';

/**
 * Shows the causes of rejections. Each cause has a button that lists its rows, and a button that
 * repairs them.
 */

/**
 * The service sums up the less frequent causes under this code. This code cannot be used as a
 * filter.
 */
const OTHER = 'other';
const MOST = 20;
const LONGEST_SAMPLE = 60;

let drawn = '';

export function clearCauses() {
  drawn = '';
  byId('causes').replaceChildren();
  byId('causes-part').hidden = true;
}

/**
 * @param actions {{show, repair}} the actions of the buttons; both are called with a cause, or with
 *     null for all rows
 * @param canRepair whether the rows are complete, so that they can be corrected and sent again
 */
export function drawCauses({ causes, job }, actions, canRepair) {
  byId('causes-part').hidden = causes.list.length === 0;
  const { rejected } = job.counts;
  // During an import, the causes can be newer than the counts.
  byId('causes-overlap').hidden = !isFinished(job) || causes.total <= rejected;
  setText(byId('causes-overlap'), text('causes.overlap', { count: rejected }));
  const key = JSON.stringify([causes.version, canRepair, job.transactionId]);
  if (key === drawn) {
    return;
  }
  drawn = key;
  const total = Math.max(1, ...causes.list.map((cause) => cause.count));
  byId('causes').replaceChildren(
    ...causes.list.slice(0, MOST).map((cause) => item(cause, total, causes, actions, canRepair)));
  byId('causes-more').hidden = causes.list.length <= MOST;
  setText(byId('causes-more'), text('causes.more', { count: causes.list.length - MOST }));
}

function item(cause, total, causes, actions, canRepair) {
  const { code, column, samples } = cause;
  const shown = causes.shown !== null
    && causes.shown.code === code && causes.shown.column === column;
  const share = make('span', { className: 'share', ariaHidden: 'true' }, make('span'));
  share.firstChild.style.width = `${(100 * cause.count) / total}%`;
  const words = make('div', { className: 'cause-words' },
    make('p', {},
      ...(column === null ? [] : [make('code', { textContent: column }), ' ']),
      hasText(`cause.${code}`) ? text(`cause.${code}`) : code.replaceAll('-', ' ')),
    make('p', { className: 'bits' }, ...samples.map((sample) => make('code', {
      textContent: sample.trim() === '' ? text('review.blank') : cut(sample),
    }))));
  const line = make('li', {},
    make('strong', { className: 'cause-count', textContent: count(cause.count) }),
    words, share);
  if (code !== OTHER) {
    const show = make('button', {
      type: 'button',
      className: 'quiet small',
      textContent: text(shown ? 'causes.show-all' : 'causes.show'),
      onclick: () => actions.show(shown ? null : cause),
    });
    show.setAttribute('aria-pressed', shown);
    const repair = make('button', {
      type: 'button',
      className: 'small',
      textContent: text('causes.repair'),
      hidden: !canRepair,
      onclick: () => actions.repair(cause),
    });
    line.append(make('span', { className: 'cause-actions' }, show, ' ', repair));
  }
  return line;
}

const cut = (sample) =>
  (sample.length > LONGEST_SAMPLE ? `${sample.slice(0, LONGEST_SAMPLE)}…` : sample);
