// How long something has lasted and how long ago it was, as people say it.
import type { Language } from "../../protocol/messages";

export type SpanUnit = "minute" | "hour" | "day";
export interface SpanOfTime {
  readonly unit: SpanUnit;
  readonly count: number;
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
/** Two days are said in hours up to here: "36 hours" is nearer than "1 day". */
const HOURS_UNTIL_S = 2 * DAY_S;

/** In the largest unit that is not too coarse; null: less than a minute. */
export function spanOf(seconds: number): SpanOfTime | null {
  if (seconds < MINUTE_S) return null;
  if (seconds < HOUR_S) return { unit: "minute", count: Math.floor(seconds / MINUTE_S) };
  if (seconds < HOURS_UNTIL_S) return { unit: "hour", count: Math.floor(seconds / HOUR_S) };
  return { unit: "day", count: Math.floor(seconds / DAY_S) };
}

export function between(from: string, to: string): SpanOfTime | null {
  return spanOf((Date.parse(to) - Date.parse(from)) / 1000);
}

/** `3 hours`. */
export function spanText({ unit, count }: SpanOfTime, language: Language): string {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

/** `3 hours ago`. */
export function agoText({ unit, count }: SpanOfTime, language: Language): string {
  return new Intl.RelativeTimeFormat(language, { numeric: "always" }).format(-count, unit);
}
