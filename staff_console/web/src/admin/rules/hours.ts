// Weekly hours as they are typed. Minutes of the local day; a time that is not one yet is NaN and is never saved.
import type { HoursForm, SpanForm } from "../../protocol/messages";

export const MINUTES_A_DAY = 1440;
export const MAX_SPANS_A_DAY = 6;
/** What a day gets that had no hours. */
const FIRST: SpanForm = { opens_min: 8 * 60, closes_min: 18 * 60 };
/** The shortest further span that is proposed. */
const HOUR_MIN = 60;

export type Week = readonly (readonly SpanForm[])[];
/** `time`: no time of the day. `order`: closes before it opens. `overlap`: opens before the one above has closed. */
export type SpanFault = "time" | "order" | "overlap";

/** Half past eight as people type it: `8.30`, `08:30`, `8,30`, `830`, `0830`; `8` and `24` are full hours. NaN: no time. */
export function minutesOf(typed: string): number {
  const found = /^(\d{1,2})(?:[.:,]?(\d{2}))?$/.exec(typed.trim());
  if (!found) return Number.NaN;
  const hours = Number(found[1]);
  const minutes = Number(found[2] ?? 0);
  const all = hours * 60 + minutes;
  return minutes < 60 && all <= MINUTES_A_DAY ? all : Number.NaN;
}

/** `08.30`; nothing for no time. */
export function clockOf(minutes: number): string {
  if (Number.isNaN(minutes)) return "";
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}.${two(minutes % 60)}`;
}

/** What is not right with each span of a day; null where it is. */
export function spanFaults(spans: readonly SpanForm[]): (SpanFault | null)[] {
  return spans.map((span, at) => {
    if (!(span.opens_min >= 0 && span.opens_min < MINUTES_A_DAY && span.closes_min > 0)) return "time";
    if (span.closes_min <= span.opens_min) return "order";
    const before = spans[at - 1]?.closes_min;
    return before !== undefined && span.opens_min <= before ? "overlap" : null;
  });
}

export function weekIsRight(week: Week): boolean {
  return week.every((day) => spanFaults(day).every((fault) => fault === null));
}

/** With one more span: the first one is an ordinary day, a further one begins an hour after the last. */
export function withSpan(spans: readonly SpanForm[]): SpanForm[] {
  const last = spans.at(-1);
  if (last === undefined) return [FIRST];
  if (spans.length >= MAX_SPANS_A_DAY) return [...spans];
  const opens = last.closes_min + HOUR_MIN;
  const fits = opens + HOUR_MIN <= MINUTES_A_DAY;
  return [
    ...spans,
    fits ? { opens_min: opens, closes_min: Math.min(opens + 4 * HOUR_MIN, MINUTES_A_DAY) } : NO_TIMES,
  ];
}
const NO_TIMES: SpanForm = { opens_min: Number.NaN, closes_min: Number.NaN };

export function withoutSpan(spans: readonly SpanForm[], at: number): SpanForm[] {
  return spans.filter((_, index) => index !== at);
}

export function withTime(
  spans: readonly SpanForm[],
  at: number,
  end: keyof SpanForm,
  minutes: number,
): SpanForm[] {
  return spans.map((span, index) => (index === at ? { ...span, [end]: minutes } : span));
}

/** The hours of one day on others too; days are 0 (Monday) to 6. */
export function copied(week: Week, from: number, to: readonly number[]): SpanForm[][] {
  const spans = week[from] ?? [];
  return week.map((day, index) => [...(to.includes(index) ? spans : day)]);
}

/** Monday to Friday, an ordinary day. */
export function firstHours(): HoursForm {
  return { week: Array.from({ length: 7 }, (_, day) => (day < 5 ? [FIRST] : [])), closed_on_holidays: true };
}

/** `08.00–12.00, 13.00–18.00`; nothing for a day without hours. */
export function spansText(spans: readonly SpanForm[]): string {
  return spans.map((span) => `${clockOf(span.opens_min)}–${clockOf(span.closes_min)}`).join(", ");
}
