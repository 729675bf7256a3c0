import { count as number } from './format.js';
import { make } from './dom.js';
import { hasText, text } from './texts.js';

/**
 * Shows notices in words that name the parts of the page. The server's own words name parameters of
 * its API. The server's words are shown if the page has no text for a notice.
 */

/**
 * The notices that are shown without a column, because their column is the name of a field, or is
 * part of the text.
 */
const WITHOUT_COLUMN = new Set(['field-unread']);

/** The content of a list item. */
export function noticeContent(notice, reading) {
  const { code, column, transactionId } = notice;
  return [
    ...(column === undefined || WITHOUT_COLUMN.has(code)
      ? []
      : [make('code', { textContent: column }), ': ']),
    noticeWords(notice, reading),
    ...(transactionId === undefined ? [] : [' ', make('a', {
      href: `/?job=${encodeURIComponent(transactionId)}`, textContent: text('notice.show-same-file'),
    })]),
  ];
}

/** @param reading {{charset: ?string}} the job or the preview that has the notice */
export function noticeWords({ code, column, count, detail, decimal, currency }, { charset }) {
  // Notices about number formats have a text for each decimal sign. If the notice also names a
  // currency, the page has no text for it.
  const key = code === 'number-format'
    ? `notice.${currency === undefined ? `decimal-${decimal}` : code}`
    : `notice.${code}`;
  if (!hasText(key)) {
    return count > 1 ? `${detail} (${number(count)})` : detail;
  }
  const field = hasText(`field.${column}`) ? text(`field.${column}`) : column;
  return text(key, { count, charset: charset ?? '–', field });
}
