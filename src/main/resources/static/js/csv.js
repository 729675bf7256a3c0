/**
 * Reads and writes CSV in the same form as the service: with commas, with quotes only if a cell
 * needs them, and with CRLF or LF.
 */

/** @returns the records of a text, each a list of cells */
export function parseCsv(text) {
  const records = [];
  let record = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character !== '"') {
        cell += character;
      } else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else {
        quoted = false;
      }
    } else if (character === '"') {
      quoted = true;
    } else if (character === ',') {
      record.push(cell);
      cell = '';
    } else if (character === '\n') {
      records.push([...record, cell]);
      record = [];
      cell = '';
    } else if (character !== '\r') {
      cell += character;
    }
  }
  return cell === '' && record.length === 0 ? records : [...records, [...record, cell]];
}

export const formatCsv = (records) =>
  records.map((record) => `${record.map(quotedCell).join(',')}\r\n`).join('');

const quotedCell = (cell) =>
  (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
