// node refused.js: gives clients/waybill.js three responses, and prints what it makes of them. It
// needs no server: fetch and the clock are replaced.
import { watchJob } from '../../../clients/waybill.js';

const SHORT_MILLIS = 1_000;
const RESPONSES = [
  'retry: 70\n: waybill\n\n', // a service that is full
  'retry: 80\n: waybill\n\nid: 1-1\nevent: snapshot\ndata: {}\n\nid: 1-2\nretry: 90\n\n', // more follows
  'id:\nretry: 100\n\n', // the stream must be read from its start
  'id: 2-1\nevent: complete\ndata: {}\n\n',
];
const printed = { states: [], pauses: [], sentIds: [] };

globalThis.fetch = async (_, { headers }) => {
  printed.sentIds.push(headers['Last-Event-ID'] ?? null);
  return new Response(RESPONSES[printed.sentIds.length - 1]);
};
const { setTimeout: realSetTimeout } = globalThis;
globalThis.setTimeout = (run, millis) => {
  if (millis >= SHORT_MILLIS) {
    return null; // a connection that is silent or lasts for long, which these are not
  }
  printed.pauses.push(Math.round(millis));
  return realSetTimeout(run, 0);
};

await watchJob('a'.repeat(32), { onConnection: (state) => printed.states.push(state) }).ended;
console.log(JSON.stringify(printed));
