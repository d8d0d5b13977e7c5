// Days and moments in the reader's language, on the library's clock.
import type { Language } from "../../protocol/messages";
import { localOf } from "./zone";

const LOCALES: Readonly<Record<Language, string>> = { sv: "sv-SE", nb: "nb-NO", en: "en-GB" };

/** `Thu 24 December, 14:00`, on the library's clock. */
export function momentText(iso: string, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    weekday: "short",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
  }).format(new Date(iso));
}

/** A day of the calendar: `2026-12-24`. */
export function dayText(day: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${day}T00:00:00Z`));
}

/** The library's day now, as a form has it. */
export function todayIn(zone: string, nowMs: number): string {
  return localOf(new Date(nowMs).toISOString(), zone).slice(0, 10);
}

/** `14:02:10`, on the library's clock. */
export function clockText(iso: string, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { timeStyle: "medium", timeZone: zone }).format(
    new Date(iso),
  );
}

/** How one of many moments is said shortest: `24 Dec`. Made once, for an axis asks for many. */
export function shortDays(zone: string, language: Language): (seconds: number) => string {
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    day: "numeric",
    month: "short",
    timeZone: zone,
  });
  return (seconds) => format.format(seconds * 1000);
}
