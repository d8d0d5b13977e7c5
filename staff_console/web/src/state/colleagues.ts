// Who else is on duty, and who of them could be brought into the conversation.
import type { Colleague, Language, StaffView } from "../protocol/messages";

export type ColleagueState = "here" | "busy" | "paused" | "unreachable" | "free";

/** By name; whoever is in this conversation first. */
export function colleagues(view: StaffView): Colleague[] {
  const here = view.visit?.other?.seat_id;
  return Object.values(view.colleagues).sort(
    (a, b) => Number(b.id === here) - Number(a.id === here) || a.name.localeCompare(b.name),
  );
}

export function colleagueState(view: StaffView, colleague: Colleague): ColleagueState {
  if (view.visit?.other?.seat_id === colleague.id) return "here";
  if (colleague.busy) return "busy";
  if (colleague.paused) return "paused";
  return colleague.answerable ? "free" : "unreachable";
}

/** Whether this seat may ask somebody into its conversation now; one at a time, and only one fits in. */
export function mayInvite(view: StaffView): boolean {
  const visit = view.visit;
  if (visit === null || visit.guest || visit.other !== null || visit.asked !== "") return false;
  return visit.state === "talking" || visit.state === "held";
}

/** What one calls a colleague: the first of the names. */
export function firstName(name: string): string {
  return name.split(" ")[0] ?? name;
}

/** Whether nobody on duty, oneself included, speaks this language. */
export function nobodySpeaks(view: StaffView, language: Language): boolean {
  const own = view.seat.on_duty && view.seat.languages.includes(language);
  return !own && !Object.values(view.colleagues).some((one) => one.languages.includes(language));
}
