import * as format from './format.js';
import { byId, setText } from './dom.js';
import { text } from './texts.js';

/**
 * Draws the throughput of an import with the library uPlot. The library is fetched only when there
 * is data to draw. The sentence above the chart says the same for users who cannot see the chart.
 */

const LIBRARY = '/libraries/uplot/uPlot.esm.js';
const STYLES = '/libraries/uplot/uPlot.min.css';
/** The minimum number of rates for a chart. With fewer rates, a chart shows no trend. */
const FEWEST_RATES = 3;
const HEIGHT = 150;
const TICK_SPACE = 90;
const CALM = matchMedia('(prefers-reduced-motion: reduce)');
/**
 * The pause between two drawings if the user wants reduced motion. A chart that changes each second
 * counts as motion.
 */
const CALM_MILLIS = 5_000;

let library = null;
let failures = 0;
let chart = null;
/** The throughput that is drawn, its version, and the time at which it was drawn. */
let drawn = { throughput: null, version: -1, at: 0 };

for (const setting of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
  // Draws the chart again, because a canvas does not follow a change of the page's colours.
  matchMedia(setting).addEventListener('change', () => {
    if (chart !== null) {
      const { throughput } = drawn;
      destroy();
      draw(throughput);
    }
  });
}

new ResizeObserver(([{ contentRect }]) => {
  if (chart !== null && contentRect.width > 0 && contentRect.width !== chart.width) {
    chart.setSize({ width: contentRect.width, height: HEIGHT });
  }
}).observe(byId('chart'));

export function clearChart() {
  destroy();
  byId('chart-part').hidden = true;
}

export function drawChart({ throughput, ended }) {
  const same = drawn.throughput === throughput;
  const soon = same && CALM.matches && !ended && performance.now() - drawn.at < CALM_MILLIS;
  if ((same && drawn.version === throughput.version) || soon) {
    return;
  }
  if (!same) {
    clearChart();
  }
  draw(throughput);
}

async function draw(throughput) {
  drawn = { throughput, version: throughput.version, at: performance.now() };
  const { rates } = throughput;
  if (rates.length < FEWEST_RATES) {
    return;
  }
  library ??= load();
  const UPlot = await library;
  if (UPlot === null || drawn.throughput !== throughput) {
    return;
  }
  byId('chart-part').hidden = false;
  setText(byId('chart-summary'), text('chart.summary', {
    average: format.count(throughput.average),
    highest: format.count(Math.max(...rates.map(({ rate }) => rate))),
    time: format.duration(Math.round(rates.at(-1).seconds)),
  }));
  const data = [rates.map(({ seconds }) => seconds), rates.map(({ rate }) => rate)];
  if (chart === null) {
    chart = new UPlot(options(), data, byId('chart'));
  } else {
    chart.setData(data);
  }
}

/**
 * Loads the library and its styles. If they cannot be loaded, only the chart is missing on the
 * page. The next rates start another attempt, because the server may have been unavailable only for
 * a short time.
 */
async function load() {
  const styles = document.createElement('link');
  const styled = new Promise((loaded, failed) => {
    styles.onload = loaded;
    styles.onerror = failed;
  });
  styles.rel = 'stylesheet';
  styles.href = STYLES;
  document.head.append(styles);
  try {
    // After an import of a module has failed, a browser fails every later import of the same
    // address without a request. So each attempt has its own address.
    const address = failures === 0 ? LIBRARY : `${LIBRARY}?try=${failures}`;
    const [{ default: UPlot }] = await Promise.all([import(address), styled]);
    return UPlot;
  } catch {
    styles.remove();
    library = null;
    failures++;
    return null;
  }
}

function destroy() {
  chart?.destroy();
  chart = null;
  drawn = { throughput: null, version: -1, at: 0 };
}

function options() {
  const colours = getComputedStyle(byId('chart'));
  const [line, ink, grid] = ['--chart-line', '--chart-ink', '--chart-grid']
    .map((name) => colours.getPropertyValue(name));
  const { fontFamily } = colours;
  const axis = {
    stroke: ink,
    font: `12px ${fontFamily}`,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
  };
  return {
    width: byId('chart').clientWidth,
    height: HEIGHT,
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: false },
      y: { range: (_, __, highest) => [0, Math.max(1, highest * 1.1)] },
    },
    series: [{}, { stroke: line, width: 2, fill: `color-mix(in srgb, ${line} 18%, transparent)`, points: { show: false } }],
    axes: [
      { ...axis, space: TICK_SPACE, values: (_, ticks) => ticks.map((seconds) => format.duration(seconds)) },
      { ...axis, size: 72, values: (_, ticks) => ticks.map((rate) => format.count(rate)) },
    ],
  };
}
