// The line as it is shown: in order, with the time waited.
import type { Language, LineEntry, StaffView, VisitState } from "../protocol/messages";

/** Visits that wait or ring, first come first; the server's place decides, then the time of the tap. */
export function waiting(view: StaffView): LineEntry[] {
  return Object.values(view.line)
    .filter((entry) => entry.state === "waiting" || entry.state === "offered")
    .sort((a, b) => a.place - b.place || Date.parse(a.opened_at) - Date.parse(b.opened_at));
}

const ANSWERED: readonly VisitState[] = ["calling", "connecting", "talking", "held"];

/** Visits that somebody is in, or calls back. */
export function answered(view: StaffView): LineEntry[] {
  return Object.values(view.line)
    .filter((entry) => ANSWERED.includes(entry.state))
    .sort((a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at));
}

/** Whole seconds since `then` on the server's clock; never negative. */
export function secondsSince(then: string, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - Date.parse(then)) / 1000));
}

/** Whole seconds until `then` on the server's clock, begun ones counted; never negative. */
export function secondsUntil(then: string, nowMs: number): number {
  return Math.max(0, Math.ceil((Date.parse(then) - nowMs) / 1000));
}

/** How long one waits before it is called long, in minutes. */
const LONG_MIN = 2;
const VERY_LONG_MIN = 5;

/** How urgent a wait has become; shown as a word and a colour. */
export function patience(seconds: number): "fresh" | "long" | "very_long" {
  if (seconds >= VERY_LONG_MIN * 60) return "very_long";
  return seconds >= LONG_MIN * 60 ? "long" : "fresh";
}

/** `m:ss`, or `h:mm:ss` from an hour on. */
export function clock(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Whole minutes until `then`, a begun one counted; at least one. */
export function minutesUntil(then: string, nowMs: number): number {
  return Math.max(1, Math.ceil(secondsUntil(then, nowMs) / 60));
}

/** The time of day of `then` on this computer's clock, as it is written in `language`. */
export function timeOfDay(then: string, language: Language): string {
  const moment = new Date(then);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(moment.getHours())}${language === "en" ? ":" : "."}${two(moment.getMinutes())}`;
}
