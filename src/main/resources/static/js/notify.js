import { byId, setText } from './dom.js';
import { text } from './texts.js';

/**
 * Notifies the user when a job ends while its page is hidden. The browser asks for the permission
 * only after a click. The choice applies to all jobs that this browser shows.
 */

const WANTED = 'waybill.notify';

/** The tracking whose end is news. The end of a job that had ended before is not. */
let live = null;

const possible = () => 'Notification' in window && Notification.permission !== 'denied';

function isWanted() {
  try {
    return possible() && Notification.permission === 'granted' && localStorage.getItem(WANTED) !== null;
  } catch {
    return false; // storage is blocked in this browser
  }
}

function want(wanted) {
  try {
    if (wanted) {
      localStorage.setItem(WANTED, 'yes');
    } else {
      localStorage.removeItem(WANTED);
    }
  } catch {
    // then nothing is wanted, and the button stays as it is
  }
}

export function prepareNotify() {
  byId('notify').addEventListener('click', async () => {
    if (isWanted()) {
      want(false);
    } else {
      want(await Notification.requestPermission() === 'granted');
      if (!possible()) {
        setText(byId('action-note'), text('notify.denied'));
        byId('notify').hidden = true;
        byId('headline').focus();
      }
    }
    drawNotify();
  });
}

/** Whether the button can be offered for a job that has not ended. */
export const canNotify = possible;

export function drawNotify() {
  byId('notify').setAttribute('aria-pressed', isWanted());
}

/** Expects the end of a job that this page has just created, however soon it comes. */
export function expectEnd(tracking) {
  live = tracking;
}

/**
 * @param headline what has happened to the job
 * @param message one sentence about it
 */
export function notifyOfEnd(tracking, headline, message) {
  if (!tracking.ended) {
    if (tracking.job !== null) {
      expectEnd(tracking);
    }
    return;
  }
  const news = live === tracking && tracking.job !== null;
  live = null;
  if (news && document.hidden && isWanted()) {
    show(tracking.job, headline, message);
  }
}

function show({ transactionId, fileName, title }, headline, message) {
  try {
    // With the same tag, several tabs that show this job make one notification.
    const notification = new Notification(headline, {
      body: `${fileName ?? title ?? 'CSV'}: ${message}`,
      tag: transactionId,
      icon: '/waybill.svg',
    });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // Browsers on Android have no such constructor. The title of the page still names the end.
  }
}
