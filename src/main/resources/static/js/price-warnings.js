import { FALLING, RISING } from './changes.js';
import { byId, setText } from './dom.js';
import { text } from './texts.js';

/**
 * Warns of prices that change by more than 30 percent. After a check, the warnings are directly
 * above the button that imports the file.
 */

const WARNINGS = { falling: FALLING, rising: RISING };

export function clearPriceWarnings() {
  for (const name of Object.keys(WARNINGS)) {
    show(name, 0);
  }
  byId('prices-truncated').hidden = true;
}

/** Shows the warnings of a check that has ended; hides them for every other job. */
export function drawPriceWarnings(tracking) {
  const { job: { dryRun, summary }, phase } = tracking;
  const known = dryRun && phase === 'complete' && summary !== undefined;
  const counts = known
    ? { falling: summary.pricesFalling, rising: summary.pricesRising }
    : { falling: 0, rising: 0 };
  for (const [name, filter] of Object.entries(WARNINGS)) {
    show(name, counts[name]);
    byId(`show-${name}`).onclick = () => list(tracking, filter);
  }
  byId('prices-truncated').hidden = !(known && summary.truncated === true
    && counts.falling + counts.rising > 0);
}

function show(name, count) {
  byId(`${name}-part`).hidden = count === 0;
  // Sets the text also while it is hidden, because the import button refers to this text.
  setText(byId(`${name}-text`), count === 0 ? '' : text(`warning.${name}`, { count }));
}

/** Lists the rows of a warning, and scrolls to these rows. */
async function list(tracking, filter) {
  await tracking.filterChanges(filter);
  byId('changes-title').focus();
}
