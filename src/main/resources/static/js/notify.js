import { byId, setText } from './dom.js';
import { text } from './texts.js';

/**
 * Notifies the user when a job ends while its page is hidden. The browser asks for the permission
 * only after a click. The choice applies to all jobs that this browser shows.
 */

const WANTED = 'waybill.notify';

/**
 * The tracking of the job whose end causes a notification. A job that had already ended when the
 * page opened causes no notification.
 */
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
    // The storage is blocked, so no notification is wanted, and the button does not change.
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

/** Whether the page can offer the button for a job that has not ended. */
export const canNotify = possible;

export function drawNotify() {
  byId('notify').setAttribute('aria-pressed', isWanted());
}

/** Expects the end of a job that this page has just created, even if the job ends immediately. */
export function expectEnd(tracking) {
  live = tracking;
}

/**
 * @param headline a text that says how the job ended
 * @param message one sentence about the end of the job
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
    // With the same tag, several browser tabs that show this job cause only one notification.
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
    // Browsers on Android do not support this constructor. The title of the page still shows the
    // end of the job.
  }
}
