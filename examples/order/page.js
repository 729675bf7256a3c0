import { startJob, watchRecord } from '/clients/waybill.js';

const at = (id) => document.getElementById(id);
const stations = [...document.querySelectorAll('#stations li')];

at('place').addEventListener('submit', async (event) => {
  event.preventDefault();
  const number = `MUG-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  at('state').textContent = 'Placing the order…';
  try {
    // The job ends as soon as the order is in the shop's table.
    const end = await startJob({ kind: 'shop-order', title: `Order ${number}`, payload: { number } }).ended;
    if (end?.name !== 'complete') {
      throw new Error(end?.data.error?.detail ?? 'The shop did not take the order.');
    }
    location.hash = number;
    await follow(number);
  } catch (failure) {
    at('state').textContent = failure.message;
  }
});
// After a reload, the address of the page still contains the order.
if (location.hash.length > 1) {
  follow(location.hash.slice(1)).catch((failure) => { at('state').textContent = failure.message; });
}

async function follow(number) {
  at('number').textContent = number;
  const end = await watchRecord('order', number, {
    onEvent({ name, data }) {
      if (name !== 'waybill.open' && name !== 'error') {
        show((data.record ?? data).station);
      }
    },
  }).ended;
  at('state').textContent = end?.name === 'error' ? end.data.detail : 'Delivered.';
}

function show(station) {
  const here = stations.findIndex((item) => item.dataset.station === station);
  stations.forEach((item, index) => {
    item.classList.toggle('reached', index <= here);
    item.classList.toggle('here', index === here);
  });
  at('state').textContent = '';
}
