import { watchStream } from '/clients/waybill.js';

const at = (id) => document.getElementById(id);
let ticks = 0;
let missed = 0;
let newest = '';

watchStream('clock', {
  onEvent({ name, data }) {
    if (name !== 'tick') {
      return;
    }
    ticks++;
    missed += data < newest && data !== '00:00:00' ? 1 : 0;
    newest = data;
    at('clock').textContent = data;
    at('ticks').textContent = ticks;
    at('missed').textContent = missed;
  },
  onConnection(state) {
    at('connection').dataset.state = state;
    at('connection').textContent = state === 'open' ? 'Connected' : 'Connection lost. The clock comes back by itself.';
  },
});
