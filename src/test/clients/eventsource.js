// node eventsource.js https://…/api/jobs/ID/events
import { EventSource } from 'eventsource';

const FINAL = ['complete', 'error', 'cancelled'];
const stream = new EventSource(process.argv[2]);
for (const name of ['snapshot', 'progress', 'rows', 'rejected', ...FINAL]) {
  stream.addEventListener(name, (event) => {
    if (event.data === undefined) {
      return; // the connection was lost: the package reconnects with the last event ID
    }
    console.log(event.lastEventId, name);
    if (FINAL.includes(name)) {
      stream.close();
    }
  });
}
