import { count as number } from './format.js';
import { make } from './dom.js';
import { hasText, text } from './texts.js';

/**
 * Shows notices in words that name the parts of the page. The server's own words name parameters of
 * its API. They are shown if the page has no text for a notice.
 */

const JOB = /\bjob ([\w-]{1,128})\.$/;
/** The column of these notices is the name of a field, or is part of the text. */
const WITHOUT_COLUMN = new Set(['field-unread']);

/** The content of a list item. */
export function noticeContent(notice, reading) {
  const { code, column } = notice;
  const [, job] = (code === 'same-file' && JOB.exec(notice.detail)) || [];
  return [
    ...(column === undefined || WITHOUT_COLUMN.has(code)
      ? []
      : [make('code', { textContent: column }), ': ']),
    noticeWords(notice, reading),
    ...(job === undefined ? [] : [' ', make('a', {
      href: `/?job=${encodeURIComponent(job)}`, textContent: text('notice.show-same-file'),
    })]),
  ];
}

/** @param reading {{charset: ?string}} the job or the preview that has the notice */
export function noticeWords({ code, column, count, detail }, { charset }) {
  const key = `notice.${code === 'number-format' ? numberFormat(detail) : code}`;
  if (!hasText(key)) {
    return count > 1 ? `${detail} (${number(count)})` : detail;
  }
  const field = hasText(`field.${column}`) ? text(`field.${column}`) : column;
  return text(key, { count, charset: charset ?? '–', field });
}

/**
 * The notice about numbers differs only in its detail. Two of the details have an example. If a
 * currency is named, too, the page has no words for the detail.
 */
function numberFormat(detail) {
  if (detail.includes('currency')) {
    return undefined;
  }
  const [example] = detail.match(/1\.234,50|1,234\.50/) ?? [];
  return { '1.234,50': 'decimal-comma', '1,234.50': 'decimal-point' }[example];
}
