// node direct.js BASE STREAM…: watches several streams on one connection, and prints each event and
// the final one, each as a line of JSON.
import { watchAll } from '../../../clients/waybill.js';

const [base, ...streams] = process.argv.slice(2);
const print = (event) => console.log(JSON.stringify(event));
const final = await watchAll(streams, { base, onEvent: print }).ended;
print({ final });
