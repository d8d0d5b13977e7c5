// A ring that cannot be missed: sound, the page's title in turns, and a notice when the page is not in sight.
import type { Ring } from "../media/ring";

const TITLE_TURN_MS = 1000;

export interface AlarmWords {
  /** Title of the page while it rings. */
  readonly title: string;
  readonly notice: string;
}

export interface Alarm {
  start(words: AlarmWords): void;
  stop(): void;
  /** From a click: ask the browser for notices, once. */
  askForNotices(): void;
}

export function createAlarm(ring: Ring, page: Document): Alarm {
  let quietTitle = page.title;
  let turn: ReturnType<typeof setInterval> | undefined;
  let notice: Notification | null = null;
  let ringing = false;

  return {
    start(words) {
      if (ringing) return;
      ringing = true;
      quietTitle = page.title;
      ring.start();
      page.title = words.title;
      turn = setInterval(() => {
        page.title = page.title === words.title ? quietTitle : words.title;
      }, TITLE_TURN_MS);
      if (page.hidden && "Notification" in window && Notification.permission === "granted") {
        notice = new Notification(words.title, { body: words.notice, tag: "ring", requireInteraction: true });
        notice.onclick = () => window.focus();
      }
    },
    stop() {
      if (!ringing) return;
      ringing = false;
      ring.stop();
      clearInterval(turn);
      page.title = quietTitle;
      notice?.close();
      notice = null;
    },
    askForNotices() {
      if ("Notification" in window && Notification.permission === "default") {
        void Notification.requestPermission();
      }
    },
  };
}
