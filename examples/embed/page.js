import { upload } from '/clients/waybill.js';

const ROWS = 200_000;
const STEPS = 10;
const STEP_MILLIS = 1_000;
const at = (id) => document.getElementById(id);

/** Shows a job by adding one element to the page. No other code is needed. */
function show({ transactionId }) {
  const job = document.createElement('waybill-job');
  job.id = transactionId;
  at('jobs').prepend(job);
}

function products() {
  const rows = Array.from({ length: ROWS }, (_, row) => `EMBED-${row},Mug ${row},${row % 1_000 === 7 ? 'cheap' : '9.90'}`);
  return new Blob([`sku,name,price\n${rows.join('\n')}\n`]);
}

async function post(path, body, token) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return answer.json();
}

/**
 * Does the work in steps, until all are done or the job is cancelled. In each step, a pause stands
 * for the work.
 */
async function work({ workerToken, links }) {
  const report = (body) => post(links.events, body, workerToken);
  for (let done = 1; done <= STEPS; done++) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MILLIS));
    const { cancelRequested } = await report({ event: 'progress', done, message: `Step ${done} is done` });
    if (cancelRequested) {
      await report({ event: 'cancelled' });
      return;
    }
  }
  await report({ event: 'complete' });
}

at('import').addEventListener('click', async () => {
  show(await upload(products(), { fileName: 'products.csv' }));
});
at('steps').addEventListener('click', async () => {
  const job = await post('/api/jobs', { kind: 'steps', title: 'Ten steps', total: STEPS, unit: 'steps' });
  show(job);
  work(job);
});
at('jobs').addEventListener('waybill-end', ({ detail: { name, job } }) => {
  const line = document.createElement('li');
  line.textContent = `${job.title ?? job.fileName}: the event was “${name}”.`;
  at('ends').append(line);
});
