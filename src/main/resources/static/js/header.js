/**
 * A first look at the columns of a file, before it is sent. The server decides: this only saves the
 * way there for a file whose columns have other names.
 */

export const FIELDS = ['sku', 'name', 'description', 'price', 'currency', 'quantity', 'category',
  'brand', 'gtin', 'image_url'];
/** A file without names updates products that exist. The server also knows other names. */
const REQUIRED = ['sku'];
/** A corrected file of rejected rows carries them; the server leaves them out. */
const IGNORED = ['_row', '_error'];
const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' };
const FIRST_BYTES = 65_536;
const GZIP = [0x1f, 0x8b];

/**
 * @param options {{charset: string, delimiter: string, mapping: Map<string, string>}} as the form
 *     has them; empty where the file is to say
 * @returns {Promise<?{columns: {header: string, field: ?string}[], missing: string[]}>} null for a
 *     file whose header cannot be read here
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

/** Null for a charset that this browser does not know. */
function decode(bytes, charset) {
  const [first, second] = bytes;
  const utf16 = first === 0xff && second === 0xfe ? 'utf-16le'
    : first === 0xfe && second === 0xff ? 'utf-16be' : null;
  try {
    if (charset !== '' || utf16 !== null) {
      return new TextDecoder(charset || utf16).decode(bytes);
    }
    // The end may lie within a character: in streaming mode that is no error.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return charset === '' ? new TextDecoder('windows-1252').decode(bytes) : null;
  }
}

/** The cells of the first record that is not blank, or null where it does not end in the text. */
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

/** Names match without regard to case, spaces, underscores and hyphens. */
const plainName = (name) => name.toLowerCase().replace(/[\s_-]/g, '');

function fieldOf(header) {
  const name = plainName(header);
  return FIELDS.find((field) => plainName(field) === name) ?? null;
}
