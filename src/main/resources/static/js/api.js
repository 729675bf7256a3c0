/**
 * The calls of the HTTP API. If the server refuses a call, the call throws a Refusal. If no answer
 * comes, the call throws an Unreachable.
 */

import { Refused, upload as send } from '/clients/waybill.js';
import { text } from './texts.js';

/**
 * Thrown if the server has refused a call. Contains the problem detail of the answer, if the answer
 * has a problem detail.
 */
export class Refusal extends Error {
  constructor(status, problem, retryAfterSeconds) {
    super(problem.detail || problem.title);
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Thrown if no answer came, because the server cannot be reached or the connection broke. */
export class Unreachable extends Error {
  constructor() {
    super(text('problem.unreachable'));
  }
}

/** Thrown if the user has stopped the upload. */
export class Stopped extends Error {}

const previewPath = (id) => `/api/previews/${encodeURIComponent(id)}`;

export const jobPath = (id) => `/api/jobs/${encodeURIComponent(id)}`;

/**
 * The path of a job's link on this server. Behind a proxy, the link can have another host. The
 * content security policy of the page would refuse a request to another host.
 */
export function pathOf(link) {
  const url = new URL(link, location.origin);
  return url.pathname + url.search;
}

export async function getJob(id) {
  return (await ask(jobPath(id))).json();
}

export async function cancelJob(id) {
  return (await ask(jobPath(id), { method: 'DELETE' })).json();
}

export async function getPreview(id) {
  return (await ask(previewPath(id))).json();
}

/**
 * Changes the settings with which the stored file is read. Settings that `settings` does not
 * contain stay unchanged.
 */
export async function patchPreview(id, settings) {
  return (await ask(previewPath(id), {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(settings),
  })).json();
}

export async function deletePreview(id) {
  await ask(previewPath(id), { method: 'DELETE' });
}

/** Creates the job of a preview. A repeated call returns the same job. */
export async function importPreview(id, dryRun) {
  return (await ask(`${previewPath(id)}/import?dryRun=${dryRun}`, { method: 'POST' })).json();
}

/** Creates the job that imports the file of a dry run. A repeated call returns the same job. */
export async function importDryRun(id) {
  return (await ask(`${jobPath(id)}/import`, { method: 'POST' })).json();
}

/**
 * Creates the job that undoes another job. In a dry run, the job only lists the changes that it
 * would undo.
 */
export async function undoJob(id, dryRun) {
  return (await ask(`${jobPath(id)}/undo?dryRun=${dryRun}`, { method: 'POST' })).json();
}

/** Closes a stream. The watchers of the stream get a last event, and their connections end. */
export async function closeStream(name) {
  await ask(`/api/streams/${encodeURIComponent(name)}`, { method: 'DELETE' });
}

/** Closes the connection of one watching client. */
export async function closeEmitter(id) {
  await ask(`/api/emitters/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

export async function getCauses(id) {
  return (await ask(`${jobPath(id)}/rejections/causes`)).json();
}

export async function fetchCsv(link) {
  return (await whole(await ask(pathOf(link), { headers: { Accept: 'text/csv' } }))).text();
}

/** Saves the settings of a preview under a name. */
export async function saveProfile(name, previewId) {
  await ask(`/api/profiles/${encodeURIComponent(name)}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ previewId }),
  });
}

export async function deleteProfile(name) {
  await ask(`/api/profiles/${encodeURIComponent(name)}`, { method: 'DELETE' });
}

/** Fetches one page of a list: {"items": [...], "next": cursor or null}. */
export async function getPage(link, after, limit) {
  const url = new URL(pathOf(link), location.origin);
  url.searchParams.set('limit', limit);
  if (after !== null) {
    url.searchParams.set('after', after);
  }
  return (await ask(url.pathname + url.search)).json();
}

/**
 * Downloads a list as CSV. A plain link cannot send the Accept header that requests CSV, so the
 * file is fetched first and then saved.
 */
export async function download(link, fileName) {
  const response = await ask(pathOf(link), { headers: { Accept: 'text/csv' } });
  const address = URL.createObjectURL(await whole(response));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = fileName;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export async function getSample() {
  const response = await ask('/samples/products.csv', { headers: { Accept: 'text/csv' } });
  return new File([await whole(response)], 'sample-products.csv', { type: 'text/csv' });
}

/**
 * Uploads a file.
 *
 * @param parameters {URLSearchParams} the query of the upload
 * @param key the idempotency key. If the connection broke, a second upload with the same key
 *     returns the job that the first one may have made.
 * @param onProgress called with the number of bytes sent and the total number
 * @param signal {AbortSignal} stops the upload
 * @returns {Promise<object>} a job, or a preview if the query asks for one
 */
export async function upload(file, parameters, key, onProgress, signal) {
  const headers = { 'Idempotency-Key': `"${key}"` };
  try {
    return await send(file, { parameters, headers, onProgress, signal });
  } catch (failure) {
    if (failure instanceof Refused) {
      throw refusal(failure);
    }
    throw signal.aborted ? new Stopped() : new Unreachable();
  }
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', ...options });
  } catch {
    throw new Unreachable();
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => null);
    throw refusal(new Refused(response.status, problem, response.headers.get('Retry-After')));
  }
  return response;
}

async function whole(response) {
  try {
    return await response.blob();
  } catch {
    throw new Unreachable();
  }
}

/**
 * Opens a session with a key. After that, only a cookie of the server identifies the session. The
 * page does not keep the key.
 */
export async function openSession(key) {
  await ask('/api/session', { method: 'POST', headers: { Authorization: `Bearer ${key}` } });
}

export async function closeSession() {
  await ask('/api/session', { method: 'DELETE' });
}

function refusal({ status, problem, retryAfterSeconds }) {
  if (status === 401) {
    document.dispatchEvent(new Event('unauthenticated'));
    // The server's own words are meant for programs: they name the header to send.
    const signIn = {
      code: 'unauthenticated', title: text('page.needs-key'), detail: text('problem.sign-in'),
    };
    return new Refusal(status, signIn, retryAfterSeconds);
  }
  return new Refusal(status, problemOf(status, problem), retryAfterSeconds);
}

/**
 * Makes the problem for an answer. If a proxy in front of the server answers in HTML, only the
 * status is known.
 */
function problemOf(status, problem) {
  const title = text(status < 500 ? 'problem.refused' : 'problem.unknown');
  if (problem !== null && typeof problem === 'object') {
    return { title, ...problem };
  }
  const kind = status < 500 ? 'refused' : 'unanswered';
  const detail = status === 413
    ? text('problem.too-large')
    : text(`problem.status-${kind}`, { status: String(status) });
  return { title, detail };
}
