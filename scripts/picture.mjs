// Records the page for scripts/picture: node picture.mjs CHROMIUM PORT CSV FOLDER. Writes the
// frames. For each theme, it also writes the arguments of img2webp: each frame's file and how long
// it is shown.
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [executablePath, port, csv, folder] = process.argv.slice(2);
const size = { width: 760, height: 560 };
/** The factor by which the picture shows the import faster than it was. */
const speed = 3;
/** The percentage of the import at which the pod that runs it is killed. */
const killedAt = 35;

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const themes = await Promise.all(['light', 'dark'].map(async (colorScheme) => {
  const context = await browser.newContext({ colorScheme, viewport: size });
  return { name: colorScheme, page: await context.newPage(), frames: [] };
}));
let caption = '';

/** Takes one frame in each theme. */
async function frame() {
  for (const { name, page, frames } of themes) {
    await page.evaluate((text) => {
      const line = document.getElementById('caption')
        ?? document.body.appendChild(Object.assign(document.createElement('pre'), { id: 'caption' }));
      line.textContent = text;
      line.hidden = text === '';
      Object.assign(line.style, { position: 'fixed', left: 0, right: 0, bottom: 0, margin: 0,
        padding: '10px 16px', background: '#111', color: '#fff', font: '15px monospace' });
    }, caption);
    const file = `${folder}/${name}-${String(frames.length).padStart(4, '0')}.png`;
    await page.screenshot({ path: file });
    frames.push({ file, at: performance.now() });
  }
}

/** Takes frames until the condition is true. */
async function record(holds, seconds) {
  const until = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > until) {
      throw new Error(`not within ${seconds} s`);
    }
    await frame();
  }
}

function pause(seconds) {
  const until = performance.now() + seconds * 1000;
  return record(async () => performance.now() >= until, seconds + 60);
}

const [first, ...others] = themes.map(({ page }) => page);
for (const { page } of themes) {
  await page.goto(`http://127.0.0.1:${port}/`);
}
await pause(1);
await first.setInputFiles('#file', csv);
await first.waitForSelector('#upload:not([disabled])');
await first.click('#upload');
await record(async () => new URL(first.url()).search !== '', 120);
for (const page of others) {
  await page.goto(first.url());
}

const job = async () => first.evaluate(async () => {
  const id = new URL(location).searchParams.get('job');
  return (await fetch(`/api/jobs/${id}`)).json();
});
await record(async () => (await job()).percent >= killedAt, 300);
const status = execFileSync('scripts/cluster', ['status'], { encoding: 'utf8' });
const pod = /^pod (\d).* {2}imports /m.exec(status)?.[1];
if (!pod) {
  throw new Error(`no pod imports:\n${status}`);
}
caption = `$ scripts/cluster kill ${pod}        # the pod that imports`;
await frame();
execFileSync('scripts/cluster', ['kill', pod]);
await record(async () => (await job()).attempt > 1, 120);
await pause(1);
for (const { name, frames } of themes) {
  copyFileSync(frames.at(-1).file, `${folder}/${name}.still.png`);
}
caption = `another pod goes on from the last committed chunk`;
await record(async () => (await job()).status === 'COMPLETED', 300);
caption = `${(await job()).counts.rows.toLocaleString('en')} rows, each once`;
await pause(4);

for (const { name, frames } of themes) {
  const shown = frames.map(({ file, at }, n) => {
    const millis = n + 1 < frames.length ? (frames[n + 1].at - at) / speed : 3000;
    return `-d ${Math.max(20, Math.round(millis))} ${file}`;
  });
  writeFileSync(`${folder}/${name}.frames`, shown.join('\n'));
}
await browser.close();
