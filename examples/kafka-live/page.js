import { watchAll } from '/clients/waybill.js';

const DEPOTS = ['graz', 'hamburg', 'lyon', 'milan'];
const SHOWN = 6;
const STORED = 'kafka-live';
const at = (id) => document.getElementById(id);

// The tab's session storage keeps the counters and the position in all streams when the page is
// reloaded.
const seen = JSON.parse(sessionStorage.getItem(STORED)) ?? { position: null, depots: {}, newest: [], gaps: 0 };

const watching = watchAll(DEPOTS.map((depot) => `scans-${depot}`), {
  lastEventId: seen.position,
  onEvent({ name, data, stream }) {
    if (name === 'message') {
      count(stream.replace('scans-', ''), data);
    }
    seen.position = watching.lastEventId;
    sessionStorage.setItem(STORED, JSON.stringify(seen));
    draw();
  },
  onConnection(state) {
    at('connection').dataset.state = state;
    at('connection').textContent = state === 'open' ? 'Connected' : 'Connection lost. Missed records come later.';
  },
});

function count(depot, scan) {
  const before = seen.depots[depot];
  // A new shift starts with the number 1.
  if (before?.shift === scan.shift && scan.number !== before.number + 1) {
    seen.gaps++;
  }
  seen.depots[depot] = { ...scan, records: (before?.records ?? 0) + 1 };
  seen.newest = [{ depot, ...scan }, ...seen.newest].slice(0, SHOWN);
}

function draw() {
  at('depots').replaceChildren(...DEPOTS.map((depot) => {
    const { partition = '–', records = 0, number, parcel } = seen.depots[depot] ?? {};
    const cells = [depot, partition, records, number ? `number ${number}, parcel ${parcel}` : '–'];
    const row = make('tr', '', ...cells.map((text) => make('td', text)));
    row.dataset.depot = depot;
    return row;
  }));
  at('newest').replaceChildren(...seen.newest.map(({ depot, number, parcel }) =>
    make('li', `${depot}, number ${number}: parcel ${parcel}`)));
  at('records').textContent = Object.values(seen.depots).reduce((sum, { records }) => sum + records, 0);
  at('gaps').textContent = seen.gaps;
}

function make(tag, text, ...children) {
  const element = document.createElement(tag);
  element.append(text, ...children);
  return element;
}

draw();
