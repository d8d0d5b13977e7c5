// What the page as a whole shows of the state: language, colours, title, and the ring that cannot be missed.
import { effect } from "@preact/signals";
import type { ConsoleState } from "../state/console";
import type { Words } from "../ui/words";
import type { Alarm } from "./alarm";

export function dressPage(state: ConsoleState, root: HTMLElement): void {
  effect(() => {
    root.lang = state.preferences.value.language;
    root.dataset.theme = state.preferences.value.theme;
  });
}

/** Ring while an offer is open that was not answered here. */
export function ringOffers(state: ConsoleState, alarm: Alarm, words: Words, page: Document): void {
  effect(() => {
    const offer = state.view.value?.offer;
    const quietTitle = pageTitle(state, words);
    if (offer && offer.id !== state.answered.value && state.link.value === "up") {
      alarm.start(offer.id, {
        title: words("ring-title", { branch: offer.branch_name }),
        quietTitle,
        notice: words("ring-notice", { kiosk: offer.kiosk_name }),
      });
    } else {
      alarm.stop();
      page.title = quietTitle;
    }
  });
}

/** What the tab says when nothing rings. */
function pageTitle(state: ConsoleState, words: Words): string {
  const view = state.view.value;
  const name = words("app-name");
  if (view === null) return name;
  const how = view.visit !== null ? "visit" : view.seat.on_duty ? "on" : "off";
  return `${words(`title-${how}`)} · ${name}`;
}
