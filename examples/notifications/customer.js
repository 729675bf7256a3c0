import { publish } from '/clients/waybill.js';

const at = (id) => document.getElementById(id);

at('order').addEventListener('submit', async (event) => {
  event.preventDefault();
  const number = crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;
  const order = { number, article: at('article').value };
  try {
    // Because of the message ID, the event is published only once even if the request is repeated.
    const { watchers } = await publish('orders', { event: 'order', data: order, messageId: `order-${number}` });
    at('placed').textContent = `Order ${number} was placed. Administrators who see it: ${watchers}.`;
  } catch (refused) {
    at('placed').textContent = refused.message;
  }
});
