// node undici.js https://…/api/jobs/ID/events
import { EventSource } from 'undici';

const FINAL = ['complete', 'error', 'cancelled'];
const SILENCE_MILLIS = 10_000;

/** The package reconnects after the end of a response, but a reset connection stays silent. */
function watch(last) {
  const stream = new EventSource(`${process.argv[2]}?lastEventId=${last}`);
  const reopen = () => {
    stream.close();
    watch(last);
  };
  let silence = setTimeout(reopen, SILENCE_MILLIS);
  for (const name of ['snapshot', 'progress', 'rows', 'rejected', ...FINAL]) {
    stream.addEventListener(name, (event) => {
      if (event.data === undefined) {
        return; // the response ended: the package reconnects
      }
      clearTimeout(silence);
      last = event.lastEventId;
      console.log(last, name);
      if (FINAL.includes(name)) {
        stream.close();
      } else {
        silence = setTimeout(reopen, SILENCE_MILLIS);
      }
    });
  }
}

watch('');
