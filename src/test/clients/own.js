// node own.js BASE JOB: prints what clients/waybill.js receives, one line of JSON for each event.
import { Refused, publish, upload, watchAll, watchJob, watchStream } from '../../../clients/waybill.js';

const [base, job, service] = process.argv.slice(2);
const print = (watch) => ({ name, data, id, stream }) =>
  console.log(JSON.stringify({ watch, name, data, id, stream }));
const end = (event) => event?.name ?? null;

const one = watchStream('js-one', {
  base,
  onEvent: print('one'),
  onConnection: (state) => console.log(JSON.stringify({ watch: 'one', connection: state })),
});
const several = watchAll(['js-one', 'js-two', `job:${job}`], { base, onEvent: print('several') });
const ofJob = watchJob(job, { base, onEvent: print('job') });
const seenBefore = ofJob.ended.then(() => watchJob(job, { base, lastEventId: ofJob.lastEventId }).ended);
const refused = await watchJob('0'.repeat(32), { base }).ended.catch((failure) => failure);

const sent = [];
const file = new Blob(['sku,name\nJS-1,Mug\n']);
const uploaded = await upload(file,
  { base: service, fileName: 'js.csv', onProgress: (done, total) => sent.push([done, total]) });
const preview = await upload(file,
  { base: service, parameters: new URLSearchParams([['preview', 'true'], ['map', 'name:name']]) });
const bad = await upload(new Blob(['']), { base: service }).catch((failure) => failure);
const stopped = await upload(file, { base: service, signal: AbortSignal.abort() })
  .catch((failure) => failure);
await publish('js-three', { data: { from: 'own.js' } }, { base: service });
const three = watchStream('js-three', { base, from: 'earliest', onEvent: ({ name }) => name === 'message' && three.close() });

console.log(JSON.stringify({
  result: true,
  one: end(await one.ended),
  several: end(await several.ended),
  job: end(await ofJob.ended),
  seenBefore: await seenBefore,
  refused: refused instanceof Refused && refused.status,
  uploaded: uploaded.fileName,
  sent: sent.at(-1),
  preview: preview.fileName,
  bad: bad instanceof Refused && bad.problem.type,
  stopped: stopped.name,
  closed: await three.ended,
}));
