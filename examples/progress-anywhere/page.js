import { watchJob } from '/clients/waybill.js';

const LOOK_AGAIN_MILLIS = 1_000;
const at = (id) => document.getElementById(id);
let shown = null;
let watching = null;

/** Finds the job of the newest run of the script. */
async function look() {
  const answer = await fetch('/api/jobs?limit=50').catch(() => null);
  const { items } = answer?.ok ? await answer.json() : { items: [] };
  const job = items.find(({ kind }) => kind === 'backup');
  if (job !== undefined && job.transactionId !== shown) {
    shown = job.transactionId;
    watching?.close();
    watching = watchJob(shown, { onEvent });
    watching.ended.catch((refused) => { at('state').textContent = refused.message; });
  }
  setTimeout(look, LOOK_AGAIN_MILLIS);
}

function onEvent({ name, data }) {
  at('title').textContent = data.title ?? at('title').textContent;
  at('progress').value = data.percent ?? 0;
  at('percent').textContent = `${data.percent ?? 0}%`;
  at('message').textContent = data.message ?? '';
  at('state').textContent = { complete: 'Done.', cancelled: 'Cancelled.', error: data.error?.detail }[name] ?? '';
}

look();
