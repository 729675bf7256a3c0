import { byId, make, setBreakable, setText } from './dom.js';
import { size } from './format.js';
import { text } from './texts.js';
import { getSample } from './api.js';

const MOST_NAMES = 5;
/** The buttons of the form and of the problem above it. One of them is the primary button. */
const BUTTONS = ['look', 'upload', 'retry', 'correct', 'another'];

let chosen = [];

/**
 * Prepares the form in which the user chooses files, drops files on the window, or takes the sample
 * file.
 *
 * @param send called with the files and a function that returns the query for the upload of a file
 * @param free called before another choice is shown. It clears the messages about the previous
 *     files, or returns false while files are being sent.
 * @param fail called with the failure if an error occurs before files are sent
 */
export function prepareIntake({ send, free, fail }) {
  const take = (files) => {
    if (free()) {
      choose(files);
    }
  };
  const input = byId('file');
  input.addEventListener('change', () => {
    if (input.files.length > 0) {
      take([...input.files]);
    }
  });

  byId('sample').addEventListener('click', async () => {
    try {
      take([await getSample()]);
      byId('look').focus();
    } catch (failure) {
      fail(failure);
    }
  });

  byId('intake').addEventListener('submit', (event) => {
    event.preventDefault();
    // The Enter key in a field does not import the file. It opens the preview, or moves the focus
    // to the button.
    if (chosen.length === 1) {
      send(chosen, previewQuery);
    } else if (chosen.length > 1) {
      byId('upload').focus();
    }
  });
  byId('upload').addEventListener('click', () => send(chosen, query));
  // With other settings, the server may accept a file that it has refused.
  for (const id of ['delimiter', 'charset', 'mapping']) {
    byId(id).addEventListener('change', () => recommend());
  }
  takeDrops(take, fail);
}

/**
 * Accepts files that are dropped anywhere on the window. With a smaller zone, a file that is
 * dropped outside the zone would replace the page in the browser.
 */
function takeDrops(take, fail) {
  let inside = 0;
  const mark = () => document.body.classList.toggle('dropping', inside > 0);
  const onFiles = (name, use) => addEventListener(name, (event) => {
    if (event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      use(event);
      mark();
    }
  });
  onFiles('dragenter', () => { inside++; });
  onFiles('dragover', () => { inside = Math.max(inside, 1); });
  onFiles('dragleave', (event) => { inside = event.relatedTarget === null ? 0 : Math.max(inside - 1, 0); });
  onFiles('drop', (event) => {
    inside = 0;
    const folders = [...event.dataTransfer.items]
      .filter((item) => item.webkitGetAsEntry?.()?.isDirectory).length;
    const files = [...event.dataTransfer.files];
    if (folders > 0) {
      fail(new Error(text('intake.folder')));
    } else if (files.length > 0) {
      take(files);
    }
  });
}

function choose(files) {
  if (chosen.length > 0 && (files.length > 1 || files[0].name !== chosen[0].name)) {
    // Clears the mapping, because it belongs to the header of the previous file.
    byId('mapping').value = '';
  }
  chosen = files;
  const upload = byId('upload');
  upload.disabled = false;
  byId('look').disabled = false;
  setText(upload, files.length === 1
    ? text('intake.import-unseen')
    : text('intake.import', { count: files.length }));
  byId('look').hidden = files.length !== 1;
  byId('preview-hint').hidden = files.length !== 1;
  recommend();
  byId('drop').classList.add('filled');
  setText(byId('drop-title'), text('intake.another'));
  setBreakable(byId('chosen'), files.length === 1
    ? `${files[0].name} (${size(files[0].size)})`
    : listOf(files));
}

function listOf(files) {
  const names = files.slice(0, MOST_NAMES).map(({ name }) => name).join(', ');
  const more = files.length > MOST_NAMES ? ` ${text('and-more', { count: files.length - MOST_NAMES })}` : '';
  const total = files.reduce((sum, file) => sum + file.size, 0);
  return `${text('files', { count: files.length })} (${size(total)}): ${names}${more}`;
}

/**
 * Resets the form, so that no file is chosen. Clears the mapping, because the server would refuse
 * this mapping for a file with another header.
 */
export function clearIntake() {
  chosen = [];
  byId('file').value = '';
  byId('mapping').value = '';
  byId('upload').disabled = true;
  byId('look').disabled = true;
  byId('look').hidden = false;
  recommend();
  setText(byId('upload'), text('intake.import-unseen'));
  byId('drop').classList.remove('filled');
  setText(byId('drop-title'), text('intake.choose'));
  byId('preview-hint').hidden = true;
  setText(byId('chosen'), text('intake.none'));
}

/** Adds a line to the mapping in the form. The user can see this line before the file is sent. */
export function mapColumn(header, field) {
  const mapping = byId('mapping');
  const lines = mapping.value.split('\n').filter((line) => line.trim() !== '');
  const line = `${header}:${field}`;
  if (!lines.includes(line)) {
    mapping.value = [...lines, line].join('\n');
  }
  openOptions();
  recommend('upload');
  byId('upload').focus();
}

/** Opens the file options. */
export function openOptions() {
  byId('mapping').closest('details').open = true;
}

/**
 * Highlights one button. For a single file, this is the button for the preview, which shows how the
 * file is read. After a refusal, it is the button for the way out.
 */
export function recommend(id = chosen.length > 1 ? 'upload' : 'look') {
  for (const button of BUTTONS) {
    byId(button).classList.toggle('primary', button === id);
    byId(button).classList.toggle('quiet', button !== id);
  }
}

/** Shows one column, and the field as which the column is read. */
export function column({ header, field }) {
  const item = make('li', {}, make('code', { textContent: header }));
  item.classList.toggle('unrecognised', field === null);
  if (field !== header) {
    item.append(` → ${field ?? text('intake.attribute')}`);
  }
  return item;
}

const mappingLines = () =>
  byId('mapping').value.split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** The last colon is the separator, because a header may contain colons. */
function splitMapping(line) {
  const at = line.lastIndexOf(':');
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function query(file) {
  const parameters = new URLSearchParams({ fileName: file.name });
  if (byId('dry-run').checked) {
    parameters.set('dryRun', 'true');
  }
  for (const name of ['delimiter', 'charset']) {
    const value = byId(name).value.trim();
    if (value !== '') {
      parameters.set(name, value);
    }
  }
  for (const line of mappingLines()) {
    parameters.append('map', line);
  }
  return parameters;
}

/**
 * The query of an upload for a preview. The query does not request a dry run, because a dry run can
 * follow the preview.
 */
export function previewQuery(file) {
  const parameters = query(file);
  parameters.delete('dryRun');
  parameters.set('preview', 'true');
  return parameters;
}
