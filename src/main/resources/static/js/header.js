/**
 * Reads the columns of a file before it is sent, so that the user sees early if column names are
 * unknown. The server decides afterwards how the columns are used.
 */

import { FIELDS } from './fields.js';
/**
 * Only the sku is required, because a file without names can update existing products. The server
 * knows more names of columns than this page.
 */
const REQUIRED = ['sku'];
/** A corrected file of rejected rows has these columns. The server ignores them. */
const IGNORED = ['_row', '_error'];
const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' };
const FIRST_BYTES = 65_536;
const GZIP = [0x1f, 0x8b];

/**
 * @param options {{charset: string, delimiter: string, mapping: Map<string, string>}} the values of
 *     the form; an empty value is detected from the file
 * @returns {Promise<?{columns: {header: string, field: ?string}[], missing: string[]}>} null if the
 *     header of the file cannot be read here
 */
export async function readHeader(file, { charset, delimiter, mapping }) {
  const text = decode(await firstBytes(file), charset);
  if (text === null || text.includes('\0')) {
    return null;
  }
  const candidates = delimiter === '' ? Object.values(DELIMITERS) : [DELIMITERS[delimiter]];
  const headers = candidates
    .map((separator) => firstRecord(text, separator))
    .filter((record) => record !== null)
    .sort((a, b) => known(b) - known(a) || b.length - a.length)[0];
  if (headers === undefined) {
    return null;
  }
  const columns = headers
    .filter((header) => !IGNORED.includes(header))
    .map((header) => ({ header, field: mapping.get(header) ?? fieldOf(header) }));
  const read = new Set(columns.map(({ field }) => field));
  return { columns, missing: REQUIRED.filter((field) => !read.has(field)) };
}

async function firstBytes(file) {
  const start = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  if (!GZIP.every((byte, at) => start[at] === byte)) {
    return new Uint8Array(await file.slice(0, FIRST_BYTES).arrayBuffer());
  }
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const { value } = await reader.read();
  reader.cancel();
  return (value ?? new Uint8Array()).slice(0, FIRST_BYTES);
}

/** Decodes bytes; null if this browser does not know the charset. */
function decode(bytes, charset) {
  const [first, second] = bytes;
  const utf16 = first === 0xff && second === 0xfe ? 'utf-16le'
    : first === 0xfe && second === 0xff ? 'utf-16be' : null;
  try {
    if (charset !== '' || utf16 !== null) {
      return new TextDecoder(charset || utf16).decode(bytes);
    }
    // The bytes may end inside a character. In streaming mode this is not an error.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return charset === '' ? new TextDecoder('windows-1252').decode(bytes) : null;
  }
}

/**
 * The cells of the first record that is not blank; null if the text ends before the record does.
 */
function firstRecord(text, separator) {
  const cells = [];
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
    } else if (character === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (character === separator) {
      cells.push(cell.trim());
      cell = '';
    } else if (character === '\n' || character === '\r') {
      if (cells.length > 0 || cell.trim() !== '') {
        return [...cells, cell.trim()];
      }
      cell = '';
    } else {
      cell += character;
    }
  }
  return text.length < FIRST_BYTES / 4 && (cells.length > 0 || cell.trim() !== '')
    ? [...cells, cell.trim()]
    : null;
}

const known = (headers) => headers.filter((header) => fieldOf(header) !== null).length;

/** Names are compared without regard to case, spaces, underscores and hyphens. */
const plainName = (name) => name.toLowerCase().replace(/[\s_-]/g, '');

function fieldOf(header) {
  const name = plainName(header);
  return FIELDS.find((field) => plainName(field) === name) ?? null;
}
