import { byId, setText } from './dom.js';
import { getSample } from './api.js';
import { size } from './format.js';

let chosen = null;

/**
 * The form that takes a file, by choice or by drop, or the sample.
 *
 * @param send called with the file and the upload's query
 * @param fail called when the sample could not be had
 */
export function prepareIntake(send, fail) {
  const input = byId('file');
  const drop = byId('drop');

  input.addEventListener('change', () => {
    if (input.files.length > 0) {
      choose(input.files[0]);
    }
  });

  byId('sample').addEventListener('click', async () => {
    try {
      choose(await getSample());
      byId('upload').focus();
    } catch (failure) {
      fail(failure);
    }
  });

  byId('intake').addEventListener('submit', (event) => {
    event.preventDefault();
    if (chosen !== null) {
      send(chosen, query(chosen));
    }
  });

  // A file that misses the drop zone would replace the page by its text.
  for (const name of ['dragover', 'drop']) {
    addEventListener(name, (event) => event.preventDefault());
  }
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, () => drop.classList.add('over'));
  }
  drop.addEventListener('dragleave', (event) => {
    if (!drop.contains(event.relatedTarget)) {
      drop.classList.remove('over');
    }
  });
  drop.addEventListener('drop', (event) => {
    drop.classList.remove('over');
    const [file] = event.dataTransfer.files;
    if (file !== undefined) {
      choose(file);
    }
  });
}

function choose(file) {
  chosen = file;
  byId('upload').disabled = false;
  byId('drop').classList.add('filled');
  setText(byId('chosen'), `${file.name} (${size(file.size)})`);
}

/** Back to no file. A mapping belongs to one file's header: the server refuses it for another's. */
export function clearIntake() {
  chosen = null;
  byId('file').value = '';
  byId('mapping').value = '';
  byId('upload').disabled = true;
  byId('drop').classList.remove('filled');
  setText(byId('chosen'), 'No file chosen');
}

/** Adds a line to the mapping, for the user to see and send. */
export function mapColumn(header, field) {
  const mapping = byId('mapping');
  const lines = mapping.value.split('\n').filter((line) => line.trim() !== '');
  const line = `${header}:${field}`;
  if (!lines.includes(line)) {
    mapping.value = [...lines, line].join('\n');
  }
  mapping.closest('details').open = true;
  byId('upload').focus();
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
  for (const line of byId('mapping').value.split('\n')) {
    if (line.trim() !== '') {
      parameters.append('map', line.trim());
    }
  }
  return parameters;
}
