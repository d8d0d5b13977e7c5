// What the page as a whole shows of the state: language, colours, title, and what cannot be missed.
import { effect } from "@preact/signals";
import type { ConsoleState } from "../state/console";
import { ringLead } from "../state/ring";
import type { Words } from "../ui/words";
import type { Alarm } from "./alarm";

export function dressPage(state: ConsoleState, root: HTMLElement): void {
  effect(() => {
    root.lang = state.preferences.value.language;
    root.dataset.theme = state.preferences.value.theme;
  });
}

/**
 * Have the browser read now what it needs to write figures in the language: 23 ms, once, in which a first ring was not
 * shown (measured).
 */
export function readFigures(state: ConsoleState, words: Words): void {
  effect(() => {
    void state.preferences.value.language;
    setTimeout(() => words("ring-left", { seconds: 1 }));
  });
}

/** Call while an offer is open that was not answered here, and while it is asked whether somebody is there. */
export function callOut(state: ConsoleState, alarm: Alarm, words: Words, page: Document): void {
  effect(() => {
    const up = state.link.value === "up";
    const offer = state.view.value?.offer;
    const asked = state.view.value?.seat.asked_until;
    if (up && offer && offer.id !== state.answered.value) {
      const lead = ringLead(offer);
      alarm.start(offer.id, "ring", {
        title: `🔔 ${words("ring-title", { branch: offer.branch_name })}`,
        notice: `${words(lead.id, lead.values)} · ${offer.kiosk_name}`,
      });
    } else if (up && asked) {
      alarm.start(`asked-${asked}`, "once", {
        title: `🔔 ${words("asked-title")}`,
        notice: words("asked-notice"),
      });
    } else {
      alarm.stop();
      page.title = pageTitle(state, words);
    }
  });
}

/** What the tab says when nothing rings. */
function pageTitle(state: ConsoleState, words: Words): string {
  const view = state.view.value;
  const name = words("app-name");
  if (view === null) return name;
  const seat = view.seat;
  const how = view.visit !== null ? "visit" : !seat.on_duty ? "off" : seat.pause !== null ? "paused" : "on";
  return `${words(`title-${how}`)} · ${name}`;
}
