import { cancelJob, startJob, watchJob } from '/clients/waybill.js';

const at = (id) => document.getElementById(id);
let job = location.hash.slice(1);

at('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  show('', 'Asking…');
  busy(true);
  follow(startJob({
    kind: `typewriter-${at('mode').value}`,
    title: at('prompt').value,
    payload: { prompt: at('prompt').value },
  }, { onEvent, onConnection }));
});
at('stop').addEventListener('click', () => cancelJob(job).catch(failed));
// After a reload, the address of the page still contains the job.
if (/^[0-9a-f]{32}$/.test(job)) {
  busy(true);
  follow(watchJob(job, { onEvent, onConnection }));
}

function follow(watching) {
  watching.ended.catch(failed).finally(() => busy(false));
}

function onEvent({ name, data }) {
  switch (name) {
    case 'snapshot':
      job = data.transactionId;
      history.replaceState(null, '', `#${job}`);
      show(data.output ?? '', 'Typing…');
      break;
    case 'chunk':
      at('output').textContent += data.text;
      break;
    case 'complete':
      at('state').textContent = 'Done.';
      break;
    case 'cancelled':
      at('state').textContent = 'Stopped.';
      break;
    case 'error':
      at('state').textContent = data.error.detail;
      break;
    default:
  }
}

function onConnection(state) {
  if (state === 'lost') {
    at('state').textContent = 'Connection lost. The rest comes by itself.';
  }
}

function show(text, state) {
  at('output').textContent = text;
  at('state').textContent = state;
}

function failed(refused) {
  at('state').textContent = refused.message;
}

function busy(writing) {
  at('write').disabled = writing;
  at('stop').hidden = !writing;
}
