import { watchStream } from '/clients/waybill.js';

const POPUP_MILLIS = 8_000;
const at = (id) => document.getElementById(id);
let hiding = 0;
let pod = '';

watchStream('orders', {
  onEvent({ name, data }) {
    if (name === 'waybill.open') {
      showPod(data.emitterId);
    } else if (name === 'order') {
      show(data);
    }
  },
  onConnection(state) {
    at('connection').dataset.state = state;
    at('connection').textContent = state === 'open' ? `Connected ${pod}` : 'Connection lost. Missed orders come later.';
  },
});

/** Shows which pod has this connection, if there are several pods. */
async function showPod(emitterId) {
  const emitter = await fetch(`/api/emitters/${encodeURIComponent(emitterId)}`)
    .then((answer) => answer.json()).catch(() => ({}));
  pod = emitter.pod ? `to pod ${emitter.pod}` : '';
  at('connection').dataset.pod = emitter.pod ?? '';
  at('connection').textContent = `Connected ${pod}`;
}

function show({ number, article }) {
  const text = `Order ${number}: ${article}`;
  const item = document.createElement('li');
  item.textContent = text;
  at('orders').prepend(item);
  at('empty').hidden = true;
  at('popup').textContent = text;
  at('popup').hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { at('popup').hidden = true; }, POPUP_MILLIS);
}
