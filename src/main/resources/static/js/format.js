import { language } from './language.js';
import { text } from './texts.js';

/** Formats numbers and times for people. Null and undefined are shown as a dash. */

export const NOTHING = '–';
const WHOLE = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
const ONE_DECIMAL = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const DECIMAL_SEPARATOR = new Intl.NumberFormat(language).format(1.5)[1];
const PLAIN = new Intl.NumberFormat(language, { useGrouping: false, maximumFractionDigits: 20 });
const WHOLE_PERCENT = new Intl.NumberFormat(language, { style: 'percent' });
const TENTHS = new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: 1 });
/** The units of sizes. Each is 1000 times as large as the unit before it. */
const SIZES = ['bytes', 'KB', 'MB', 'GB', 'TB'];

export const count = (number) => (number == null ? NOTHING : WHOLE.format(number));

/** Formats a stored number with all its digits and without separators of thousands. */
export const plainNumber = (number) => PLAIN.format(number);

/** Rounds percentages down, so that only a completed job shows 100%. */
export const percent = (number) =>
  number == null
    ? NOTHING
    : (number > 0 && number < 100 ? TENTHS : WHOLE_PERCENT).format(Math.floor(number * 10) / 1000);

export const rate = (rowsPerSecond) =>
  rowsPerSecond == null ? NOTHING : text('rate.rows', { count: rowsPerSecond });

/** A price with the usual number of decimals of its currency, or more if the price has more. */
export function price(amount, currency) {
  if (amount == null) {
    return NOTHING;
  }
  if (!currency) {
    return typeof amount === 'number' ? plainNumber(amount) : String(amount);
  }
  const usual = new Intl.NumberFormat(language, { style: 'currency', currency }).resolvedOptions();
  const digits = new Intl.NumberFormat(language, {
    useGrouping: false,
    minimumFractionDigits: usual.minimumFractionDigits,
    maximumFractionDigits: 4,
  });
  return `${digits.format(amount)}\u00a0${currency}`;
}

export function size(bytes) {
  if (bytes == null) {
    return NOTHING;
  }
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), SIZES.length - 1);
  return text(`size.${SIZES[power]}`, { count: bytes, size: SHORT.format(bytes / 1000 ** power) });
}

export function duration(seconds) {
  if (seconds == null) {
    return NOTHING;
  }
  if (seconds > 0 && seconds < 0.1) {
    return `< ${tenths(0.1)}`;
  }
  if (seconds < 10 && !Number.isInteger(seconds)) {
    return tenths(seconds);
  }
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) {
    return `${withUnit(hours, 'h')} ${withUnit(minutes, 'min')}`;
  }
  return minutes > 0 ? `${withUnit(minutes, 'min')} ${withUnit(whole % 60, 's')}` : withUnit(whole, 's');
}

const withUnit = (number, unit) => `${number}\u00a0${text(`unit.${unit}`)}`;
const tenths = (seconds) => withUnit(ONE_DECIMAL.format(seconds), 's');

/**
 * The units of a time range. Each entry has the name of the unit, its step in seconds, and the
 * largest number that is shown with this unit.
 */
const UNITS = [['s', 1, 20], ['s', 5, 100], ['min', 60, 120], ['h', 3600, Infinity]];

/**
 * Formats a range of times, such as 12–20 s. The low end is rounded down and the high end is
 * rounded up, so that the range does not look too exact.
 */
export function range(low, high) {
  const [unit, step, most] = UNITS.find(([name, seconds, largest]) =>
    Math.ceil(high / seconds) * (name === 's' ? seconds : 1) <= largest);
  const size = unit === 's' ? step : 1;
  const from = Math.floor(low / step) * size;
  const to = Math.max(size, Math.ceil(high / step) * size);
  if (from === 0) {
    return `< ${withUnit(count(to), unit)}`;
  }
  return withUnit(from === to ? count(to) : `${count(from)}–${count(to)}`, unit);
}

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A time in the format of the user's language. */
export const moment = (text) => Number.isNaN(Date.parse(text)) ? NOTHING : MOMENT.format(new Date(text));

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** The date of a time, with its weekday. */
export const day = (text) => DAY.format(new Date(text));

/** A time of day. */
export const time = (text) => TIME.format(new Date(text));

const RATIO = new Intl.NumberFormat(language, {
  style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 0,
});

/** A difference such as +12% or −50%, with the minus sign of mathematics, which is no hyphen. */
export const signedPercent = (ratio) => RATIO.format(ratio).replace('-', '\u2212');

export const speed = (bytesPerSecond) =>
  bytesPerSecond == null ? NOTHING : `${size(bytesPerSecond)}/s`;

/**
 * Formats an estimated time. The time is rounded up to whole seconds, because tenths would look too
 * exact.
 */
export const wholeSeconds = (seconds) => duration(seconds == null ? null : Math.ceil(seconds));

export const secondsBetween = (from, to) => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** A number such as 1234.5 with the decimal separator of the language, and without grouping. */
export const localNumber = (digits) => digits.replace('.', DECIMAL_SEPARATOR);
