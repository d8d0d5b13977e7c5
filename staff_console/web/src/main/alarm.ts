// What cannot be missed: sound, the page's title and its sign in the tab, and a notice when the page is not in sight.
// Nothing of it needs a timer, which a tab in the background would hold back.
import type { Ring } from "../media/ring";

export interface AlarmWords {
  readonly title: string;
  readonly notice: string;
}

/** `ring`: until it is stopped. `once`: two strokes, for a question that can wait three minutes. */
export type AlarmSound = "ring" | "once";

export interface Alarm {
  /** Call for this ring or question, until it is stopped or another one calls. */
  start(id: string, sound: AlarmSound, words: AlarmWords): void;
  stop(): void;
}

export interface AlarmIcons {
  readonly quiet: string;
  readonly ringing: string;
}

export function createAlarm(ring: Ring, page: Document, icons: AlarmIcons): Alarm {
  const icon = page.querySelector<HTMLLinkElement>("link[rel=icon]");
  let notice: Notification | null = null;
  let calling: string | null = null;

  const alarm: Alarm = {
    start(id, sound, words) {
      if (calling === id) return;
      alarm.stop();
      calling = id;
      if (sound === "ring") ring.start();
      else void ring.test();
      page.title = words.title;
      if (icon) icon.href = icons.ringing;
      const unseen = page.hidden || !page.hasFocus();
      if (unseen && "Notification" in window && Notification.permission === "granted") {
        notice = new Notification(words.title, { body: words.notice, tag: "ring", requireInteraction: true });
        notice.onclick = () => window.focus();
      }
    },
    stop() {
      if (calling === null) return;
      calling = null;
      ring.stop();
      if (icon) icon.href = icons.quiet;
      notice?.close();
      notice = null;
    },
  };
  return alarm;
}
