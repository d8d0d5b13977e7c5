// A ring that cannot be missed: sound, the page's title in turns, and a notice when the page is not in sight.
import type { Ring } from "../media/ring";

const TITLE_TURN_MS = 1000;

export interface AlarmWords {
  /** Titles of the page, in turns. */
  readonly title: string;
  readonly quietTitle: string;
  readonly notice: string;
}

export interface Alarm {
  /** Ring for this offer, until it is stopped or another one rings. */
  start(offerId: string, words: AlarmWords): void;
  stop(): void;
  /** From a click: ask the browser for notices, once. */
  askForNotices(): void;
}

export function createAlarm(ring: Ring, page: Document): Alarm {
  let turn: ReturnType<typeof setInterval> | undefined;
  let notice: Notification | null = null;
  let ringing: string | null = null;

  const alarm: Alarm = {
    start(offerId, words) {
      if (ringing === offerId) return;
      alarm.stop();
      ringing = offerId;
      ring.start();
      page.title = words.title;
      turn = setInterval(() => {
        page.title = page.title === words.title ? words.quietTitle : words.title;
      }, TITLE_TURN_MS);
      if (page.hidden && "Notification" in window && Notification.permission === "granted") {
        notice = new Notification(words.title, { body: words.notice, tag: "ring", requireInteraction: true });
        notice.onclick = () => window.focus();
      }
    },
    stop() {
      if (ringing === null) return;
      ringing = null;
      ring.stop();
      clearInterval(turn);
      notice?.close();
      notice = null;
    },
    askForNotices() {
      if ("Notification" in window && Notification.permission === "default") {
        void Notification.requestPermission();
      }
    },
  };
  return alarm;
}
