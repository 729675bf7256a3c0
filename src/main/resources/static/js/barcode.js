/**
 * Draws the transaction ID as a barcode (Code 128, set B) that the scanners for labels can read.
 */

const SVG = 'http://www.w3.org/2000/svg';
const START = 104;
const QUIET_ZONE = 10;

/**
 * The widths of the bars and gaps of each symbol, in alternation, starting with a bar. The last
 * symbol is the stop symbol.
 */
const WIDTHS = (
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 '
  + '122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 '
  + '321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 '
  + '211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 '
  + '213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 '
  + '121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 '
  + '241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 '
  + '412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 '
  + '211214 211232 2331112'
).split(' ');
const STOP = WIDTHS.length - 1;

/** @param text printable ASCII */
export function barcode(text) {
  const values = [...text].map((character) => character.charCodeAt(0) - 32);
  const checksum = values.reduce((sum, value, at) => sum + value * (at + 1), START) % 103;
  let x = QUIET_ZONE;
  let bars = '';
  for (const value of [START, ...values, checksum, STOP]) {
    [...WIDTHS[value]].forEach((width, at) => {
      if (at % 2 === 0) {
        bars += `M${x} 0h${width}v40h-${width}z`;
      }
      x += Number(width);
    });
  }
  const image = document.createElementNS(SVG, 'svg');
  image.setAttribute('viewBox', `0 0 ${x + QUIET_ZONE} 40`);
  // With this width, each module (the narrowest bar) has one whole pixel if there is enough space.
  // A scaled barcode is too blurred for scanners.
  image.setAttribute('width', x + QUIET_ZONE);
  image.setAttribute('preserveAspectRatio', 'none');
  image.setAttribute('shape-rendering', 'crispEdges');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', bars);
  image.append(path);
  return image;
}
