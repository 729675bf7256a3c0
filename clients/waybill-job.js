/**
 * Shows a job of Waybill live on any page: its state, progress, message and end. It needs only
 * waybill.js beside it.
 *
 * @example
 * <script type="module" src="https://waybill.example/clients/waybill-job.js"></script>
 * <waybill-job id="6f1d…" token="wbt_…"></waybill-job>
 *
 * Attributes: `id`, the transaction ID; `token`, a watch token, which is sent as a header; `server`,
 * the service's address (default: that of this script). A new token resumes a watch that was refused.
 *
 * Events, which bubble: `waybill-end` with `detail.name` (complete, error or cancelled) and
 * `detail.job`, also if the job had ended before; `waybill-refused` with `detail.status` and
 * `detail.problem`, if the service refuses and a retry is useless.
 *
 * The element takes its language from the nearest `lang` attribute or from the browser, and its light
 * or dark colours from the page's `color-scheme`. Custom properties (see `:host` below) change the
 * colours, and `::part()` selects `title`, `percent`, `bar`, `fill`, `state`, `amount` and `message`.
 */

import { Refused, watchJob } from './waybill.js';

const ENDS = new Set(['complete', 'error', 'cancelled']);

const TEXTS = {
  en: {
    connecting: 'Connecting', queued: 'Queued', running: 'Running', cancelling: 'Cancelling…',
    reconnecting: 'Reconnecting', complete: 'Complete', rejected: 'All rejected', failed: 'Failed',
    cancelled: 'Cancelled', unknown: 'Unknown job', refused: 'No access',
    job: 'Job', check: 'Check: {name}', undo: 'Undo: {name}', redo: 'Redo: {name}',
    rows: { one: '{count} row', other: '{count} rows' },
    withRejected: { one: '{count} row, {rejected} rejected', other: '{count} rows, {rejected} rejected' },
    products: { one: '{count} product taken back', other: '{count} products taken back' },
    undoCheck: { one: '{count} product would be taken back', other: '{count} products would be taken back' },
    inForce: { one: '{count} product in force again', other: '{count} products in force again' },
    redoCheck: {
      one: '{count} product would be in force again', other: '{count} products would be in force again',
    },
    of: '{count} of {total} {unit}', amount: '{count} {unit}',
  },
  de: {
    connecting: 'Verbindet', queued: 'Wartet', running: 'Läuft', cancelling: 'Bricht ab…',
    reconnecting: 'Verbindet neu', complete: 'Fertig', rejected: 'Alles abgelehnt',
    failed: 'Fehlgeschlagen', cancelled: 'Abgebrochen', unknown: 'Unbekannter Auftrag',
    refused: 'Kein Zugriff',
    job: 'Auftrag', check: 'Prüfung: {name}', undo: 'Rückgängig: {name}', redo: 'Wiederherstellung: {name}',
    rows: { one: '{count} Zeile', other: '{count} Zeilen' },
    withRejected: { one: '{count} Zeile, {rejected} abgelehnt', other: '{count} Zeilen, {rejected} abgelehnt' },
    products: { one: '{count} Produkt zurückgesetzt', other: '{count} Produkte zurückgesetzt' },
    undoCheck: {
      one: '{count} Produkt würde zurückgesetzt', other: '{count} Produkte würden zurückgesetzt',
    },
    inForce: { one: '{count} Produkt gilt wieder', other: '{count} Produkte gelten wieder' },
    redoCheck: { one: '{count} Produkt würde wieder gelten', other: '{count} Produkte würden wieder gelten' },
    of: '{count} von {total} {unit}', amount: '{count} {unit}',
  },
  fr: {
    connecting: 'Connexion', queued: 'En attente', running: 'En cours', cancelling: 'Arrêt…',
    reconnecting: 'Reconnexion', complete: 'Terminé', rejected: 'Tout rejeté', failed: 'Échec',
    cancelled: 'Arrêté', unknown: 'Tâche inconnue', refused: 'Accès refusé',
    job: 'Tâche', check: 'Vérification : {name}', undo: 'Annulation : {name}', redo: 'Rétablissement : {name}',
    rows: { one: '{count} ligne', other: '{count} lignes' },
    withRejected: { one: '{count} ligne, {rejected} rejetée', other: '{count} lignes, {rejected} rejetées' },
    products: { one: '{count} produit concerné', other: '{count} produits concernés' },
    undoCheck: { one: '{count} produit serait concerné', other: '{count} produits seraient concernés' },
    inForce: { one: '{count} produit de nouveau en vigueur', other: '{count} produits de nouveau en vigueur' },
    redoCheck: {
      one: '{count} produit serait de nouveau en vigueur', other: '{count} produits seraient de nouveau en vigueur',
    },
    of: '{count} sur {total} {unit}', amount: '{count} {unit}',
  },
  zh: {
    connecting: '正在连接', queued: '排队中', running: '进行中', cancelling: '正在取消…',
    reconnecting: '正在重连', complete: '完成', rejected: '全部被拒', failed: '失败',
    cancelled: '已取消', unknown: '未知任务', refused: '无权访问',
    job: '任务', check: '检查：{name}', undo: '撤销：{name}', redo: '恢复：{name}',
    rows: { other: '{count} 行' },
    withRejected: { other: '{count} 行，{rejected} 行被拒绝' },
    products: { other: '已撤销 {count} 个商品的更改' },
    undoCheck: { other: '将撤销 {count} 个商品的更改' },
    inForce: { other: '{count} 个商品重新生效' },
    redoCheck: { other: '{count} 个商品将重新生效' },
    of: '{count} / {total} {unit}', amount: '{count} {unit}',
  },
};

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
  :host {
    --paper: var(--waybill-paper, light-dark(#fffdf8, #1b2127));
    --inset: var(--waybill-inset, light-dark(#f6f1e6, #232a31));
    --ink: var(--waybill-ink, light-dark(#1c242c, #e9e6df));
    --faint: var(--waybill-faint, light-dark(#5b636b, #a5acb3));
    --line: var(--waybill-line, light-dark(#d8cfbd, #38414a));
    --accent: var(--waybill-accent, light-dark(#1d5a8c, #86bdec));
    --good: var(--waybill-good, light-dark(#1d6b3a, #7fd09a));
    --warn: var(--waybill-warn, light-dark(#7d4e00, #efbf6b));
    --bad: var(--waybill-bad, light-dark(#a52a1e, #ff9d8f));
    display: block;
    line-height: 1.45;
  }
  :host([hidden]) { display: none; }
  .job {
    --now: var(--accent);
    display: grid;
    gap: .5rem;
    padding: .8rem 1rem;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--paper);
    color: var(--ink);
    overflow-wrap: anywhere;
  }
  .job:is([data-state="connecting"], [data-state="cancelled"]) { --now: var(--faint); }
  .job[data-state="complete"] { --now: var(--good); }
  .job:is([data-state="reconnecting"], [data-state="cancelling"], [data-state="rejected"]) { --now: var(--warn); }
  .job:is([data-state="failed"], [data-state="unknown"], [data-state="refused"]) { --now: var(--bad); }
  .line { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .8rem; min-width: 0; }
  .title { flex: 1; min-width: 0; font-weight: 600; }
  .percent { font-weight: 700; font-variant-numeric: tabular-nums; }
  .bar { height: .6rem; border: 1px solid var(--faint); border-radius: 4px; background: var(--inset); overflow: hidden; }
  .fill { height: 100%; background: var(--now); transform: scaleX(0); transform-origin: left; }
  .open .fill { transform: none; background: repeating-linear-gradient(-45deg, var(--now) 0 .5rem, var(--inset) .5rem 1rem); }
  .status { display: inline-flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .8rem; }
  .state { color: var(--now); font-weight: 700; }
  .amount, .end, .message { color: var(--faint); font-size: .92em; }
  [data-state="failed"] .end { color: var(--bad); }
  .message { margin: 0; }
  :empty:is(.percent, .amount, .end, .message) { display: none; }
  @media (prefers-reduced-motion: no-preference) {
    .fill { transition: transform .15s linear; }
    .open .fill { background-size: 200% 100%; animation: slide 1.4s linear infinite; }
    @keyframes slide { to { background-position: 1.4142rem 0; } }
  }
  @media (forced-colors: active) {
    .fill, .open .fill { forced-color-adjust: none; background: Highlight; }
    .bar { border-color: CanvasText; }
  }
`);

/**
 * Makes an element with these children. The element is built without `innerHTML`, because a page
 * can forbid `innerHTML` by `require-trusted-types-for 'script'`.
 */
function make(tag, name, attributes = {}, ...children) {
  const element = document.createElement(tag);
  element.className = name;
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, value);
  }
  element.append(...children);
  return element;
}

const skeleton = () => make('div', 'job', { part: 'job' },
  make('div', 'line', {},
    make('span', 'title', { part: 'title', id: 'title' }), make('span', 'percent', { part: 'percent' })),
  make('div', 'bar',
    { part: 'bar', role: 'progressbar', 'aria-labelledby': 'title', 'aria-valuemin': '0', 'aria-valuemax': '100' },
    make('div', 'fill', { part: 'fill' })),
  make('div', 'line', {},
    make('span', 'status', { role: 'status', 'aria-live': 'polite', 'aria-atomic': 'true' },
      make('strong', 'state', { part: 'state' }), make('span', 'end', { part: 'amount' })),
    make('span', 'amount', { part: 'amount' })),
  make('p', 'message', { part: 'message' }));

class WaybillJob extends HTMLElement {
  static observedAttributes = ['id', 'server', 'token'];

  #watching = null;
  /**
   * The server and the ID of the job that is shown. The fields below contain the state of this job.
   */
  #shown = null;
  #job = null;
  #lastEventId = null;
  #ended = false;
  #lost = false;
  /** The refusal of the service; null if the service has not refused the watch. */
  #refusal = null;
  #planned = false;
  #words = null;
  #parts;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [STYLE];
    root.append(skeleton());
    const part = (name) => root.querySelector(`.${name}`);
    this.#parts = Object.fromEntries(
      ['job', 'title', 'percent', 'bar', 'fill', 'state', 'end', 'amount', 'message']
        .map((name) => [name, part(name)]));
  }

  /** The newest known state of the job, or null. */
  get job() {
    return this.#job;
  }

  connectedCallback() {
    this.#words = new Words(this);
    this.#plan();
  }

  disconnectedCallback() {
    this.#close();
  }

  attributeChangedCallback(_, before, now) {
    if (before !== now && this.isConnected) {
      this.#plan();
    }
  }

  /**
   * Plans to start watching. If several attributes change together, watching starts only one time.
   */
  #plan() {
    if (!this.#planned) {
      this.#planned = true;
      queueMicrotask(() => {
        this.#planned = false;
        if (this.isConnected) {
          this.#follow();
        }
      });
    }
  }

  #close() {
    if (this.#watching !== null) {
      this.#lastEventId = this.#watching.lastEventId;
      this.#watching.close();
      this.#watching = null;
    }
  }

  #follow() {
    this.#close();
    const id = this.getAttribute('id')?.trim() ?? '';
    const base = (this.getAttribute('server') ?? new URL(import.meta.url).origin).replace(/\/+$/, '');
    if (this.#shown !== `${base} ${id}`) {
      this.#shown = `${base} ${id}`;
      this.#job = null;
      this.#lastEventId = null;
      this.#ended = false;
    }
    this.#refusal = null;
    this.#lost = false;
    this.#draw();
    if (id === '' || this.#ended) {
      return;
    }
    const watching = watchJob(id, {
      base,
      token: this.getAttribute('token') ?? undefined,
      lastEventId: this.#lastEventId,
      onEvent: (event) => this.#take(event),
      onConnection: (state) => {
        this.#lost = state === 'lost';
        this.#draw();
      },
    });
    this.#watching = watching;
    watching.ended.catch((failure) => {
      if (this.#watching === watching) {
        this.#refuse(failure);
      }
    });
  }

  #take({ name, data, id }) {
    if (id === null) {
      return; // sent to this connection alone, so it is no event of the job
    }
    if (name === 'progress') {
      this.#job = { ...this.#job, ...data };
    } else if (name === 'snapshot' || ENDS.has(name)) {
      this.#job = data;
      this.#ended = ENDS.has(name);
    } else {
      return;
    }
    this.#draw();
    if (this.#ended) {
      this.#dispatch('waybill-end', { name, job: data });
    }
  }

  #refuse(failure) {
    if (!(failure instanceof Refused)) {
      reportError(failure); // an error of this script, or of a listener of the page
      return;
    }
    this.#refusal = failure;
    this.#draw();
    this.#dispatch('waybill-refused', { status: failure.status, problem: failure.problem });
  }

  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  get #state() {
    const job = this.#job;
    if (this.#refusal !== null) {
      return this.#refusal.status === 404 ? 'unknown' : 'refused';
    }
    switch (job?.status) {
      case 'COMPLETED':
        return job.counts?.rows > 0 && job.counts.rows === job.counts.rejected ? 'rejected' : 'complete';
      case 'FAILED':
        return 'failed';
      case 'CANCELLED':
        return 'cancelled';
      default:
        if (this.#lost) {
          return 'reconnecting';
        }
        if (job === null) {
          return 'connecting';
        }
        return job.cancelRequested ? 'cancelling' : job.status.toLowerCase();
    }
  }

  #draw() {
    const [job, state, parts, words] = [this.#job, this.#state, this.#parts, this.#words];
    const percent = job?.status === 'COMPLETED' ? 100 : job?.percent ?? null;
    parts.job.lang = words.language;
    parts.job.dataset.state = state;
    setText(parts.title, words.titleOf(job));
    setText(parts.percent, percent === null ? '' : words.percent(percent));
    // If the percentage is not known, a moving bar only shows that the work is in progress.
    parts.bar.classList.toggle('open', percent === null && state === 'running');
    if (percent === null) {
      parts.bar.removeAttribute('aria-valuenow');
    } else {
      parts.bar.setAttribute('aria-valuenow', String(Math.floor(percent)));
    }
    parts.bar.setAttribute('aria-valuetext',
      percent === null ? words.text(state) : words.percent(percent));
    parts.fill.style.transform = percent === null ? '' : `scaleX(${percent / 100})`;
    setText(parts.state, words.text(state));
    const amount = words.amountOf(job);
    setText(parts.amount, this.#ended ? '' : amount);
    // Screen readers announce the part `end`. So this part only gets the final text, because the
    // amounts during the work change too often.
    setText(parts.end, this.#ended ? job.error?.detail ?? amount : '');
    setText(parts.message, job?.message ?? '');
  }
}

/** The texts and numbers in the language of an element. */
class Words {
  #texts;
  #plurals;
  #numbers;
  #percents;

  constructor(element) {
    const marked = element.closest('[lang]') ?? document.documentElement;
    const known = [marked.lang, ...navigator.languages]
      .map((tag) => tag.toLowerCase().split('-')[0])
      .find((tag) => Object.hasOwn(TEXTS, tag));
    this.language = known ?? 'en';
    this.#texts = TEXTS[this.language];
    this.#plurals = new Intl.PluralRules(this.language);
    this.#numbers = new Intl.NumberFormat(this.language);
    this.#percents = [0, 1].map((digits) => new Intl.NumberFormat(this.language,
      { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }));
  }

  text(code, values = {}) {
    const found = this.#texts[code];
    const form = typeof found === 'string' ? found : found[this.#plurals.select(values.count)] ?? found.other;
    return form.replace(/\{(\w+)\}/g, (_, name) =>
      typeof values[name] === 'number' ? this.#numbers.format(values[name]) : values[name]).trim();
  }

  /** Rounds down, so that only a completed job shows 100%. */
  percent(number) {
    const digits = number > 0 && number < 100 ? 1 : 0;
    return this.#percents[digits].format(Math.floor(number * 10) / 1_000);
  }

  titleOf(job) {
    const name = job?.title ?? job?.fileName ?? job?.kind ?? this.text('job');
    if (job?.kind === 'csv-undo') {
      return this.text(job.redo ? 'redo' : 'undo', { name });
    }
    return job?.dryRun ? this.text('check', { name }) : name;
  }

  /**
   * The amount of finished work. It counts the rows of an import, the products of an undo, or the
   * units that a worker reports.
   */
  amountOf(job) {
    if (job === null || job.status === 'QUEUED') {
      return '';
    }
    if (job.counts?.rows !== undefined) {
      const { rows, rejected } = job.counts;
      return this.text(rejected > 0 ? 'withRejected' : 'rows', { count: rows, rejected });
    }
    if (job.counts !== undefined) {
      const [would, did] = job.redo ? ['redoCheck', 'inForce'] : ['undoCheck', 'products'];
      return this.text(job.dryRun ? would : did, { count: job.counts.reversed });
    }
    const { done, total } = job;
    const unit = job.unit ?? '';
    if (total != null) {
      return this.text('of', { count: done ?? 0, total, unit });
    }
    return done > 0 ? this.text('amount', { count: done, unit }) : '';
  }
}

/**
 * Writes a text only if it differs from the current text, so that screen readers do not repeat the
 * text.
 */
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// Defines the element only if it is not defined yet. A page may load two copies of this script, for
// example from two servers, and a name can be defined only one time.
if (customElements.get('waybill-job') === undefined) {
  customElements.define('waybill-job', WaybillJob);
}
