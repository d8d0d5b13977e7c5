// The history of one kiosk: a light for each day, a line for a number, and the same in figures.
import type { HealthCode, HealthNumber, HistoryPoint, Light } from "../../protocol/messages";
import { rankOf } from "./health";
import { knownNumbers } from "./numbers";

/** As the server keeps it. */
export const HISTORY_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;
/** Whole tests are a day apart. Where a number is missing for longer, the line is broken. */
const BREAK_S = 36 * 3600;

export interface Figures {
  readonly low: number;
  readonly high: number;
  readonly last: number;
}

export interface HistoryDay {
  /** On the library's clock: `2026-12-24`. */
  readonly day: string;
  /** The worst of that day; null: nothing was told. */
  readonly light: Light | null;
  readonly codes: readonly HealthCode[];
  readonly figures: Figures | null;
}

/** A line: seconds since 1970, and what was measured; null where the line is broken. */
export type Series = readonly [times: readonly number[], values: readonly (number | null)[]];

/** Numbers that were measured at all. */
export function numbersIn(points: readonly HistoryPoint[]): HealthNumber[] {
  return knownNumbers(Object.assign({}, ...points.map(({ numbers }) => numbers)));
}

export function seriesOf(points: readonly HistoryPoint[], number: HealthNumber): Series {
  const times: number[] = [];
  const values: (number | null)[] = [];
  for (const { at, numbers } of points) {
    const value = numbers[number];
    if (value === undefined) continue;
    const time = Date.parse(at) / 1000;
    const before = times.at(-1);
    if (before !== undefined && time - before > BREAK_S) {
      times.push(before + 1);
      values.push(null);
    }
    times.push(time);
    values.push(value);
  }
  return [times, values];
}

export function figuresOf(values: readonly (number | null | undefined)[]): Figures | null {
  const measured = values.filter((value) => value != null);
  const last = measured.at(-1);
  if (last === undefined) return null;
  // Not Math.min(...): a month may hold more than arguments can be.
  const low = measured.reduce((a, b) => Math.min(a, b));
  const high = measured.reduce((a, b) => Math.max(a, b));
  return { low, high, last };
}

/** Every day up to today, the oldest first, whether something was told or not. */
export function daysOf(
  points: readonly HistoryPoint[],
  number: HealthNumber | null,
  now: string,
  zone: string,
): HistoryDay[] {
  // The Swedish way of writing a date is the calendar's own.
  const format = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: zone });
  const told = new Map<string, HistoryPoint[]>();
  for (const point of points) {
    const day = format.format(Date.parse(point.at));
    const known = told.get(day);
    if (known) known.push(point);
    else told.set(day, [point]);
  }
  const today = Date.parse(`${format.format(Date.parse(now))}T12:00:00Z`);
  return Array.from({ length: HISTORY_DAYS }, (_, at) => {
    const day = new Date(today - (HISTORY_DAYS - 1 - at) * DAY_MS).toISOString().slice(0, 10);
    const own = told.get(day) ?? [];
    return {
      day,
      light: own.reduce<Light | null>(
        (worst, { light }) => (worst === null || rankOf(light) < rankOf(worst) ? light : worst),
        null,
      ),
      codes: [...new Set(own.flatMap(({ findings }) => findings))],
      figures: number === null ? null : figuresOf(own.map(({ numbers }) => numbers[number])),
    };
  });
}
