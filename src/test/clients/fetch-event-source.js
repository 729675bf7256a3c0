import { fetchEventSource } from '@microsoft/fetch-event-source';

const FINAL = ['complete', 'error', 'cancelled'];

export async function watch(url, use) {
  let ended = false;
  await fetchEventSource(url, {
    // By default it closes the stream whenever the tab is hidden.
    openWhenHidden: true,
    onmessage({ id, event, data }) {
      if (event !== '') {
        use(id, event, data);
        ended ||= FINAL.includes(event);
      }
    },
    // It takes every end of a response for the last one. Before the final event, it is not.
    onclose() {
      if (!ended) {
        throw new Error('The stream ended before the job');
      }
    },
    onerror: () => 3_000, // milliseconds until it reconnects, with the last event ID
  });
}
