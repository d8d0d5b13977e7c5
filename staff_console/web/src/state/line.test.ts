import { describe, expect, it } from "vitest";
import type { LineEntry, StaffView, VisitState } from "../protocol/messages";
import {
  answered,
  clock,
  minutesUntil,
  patience,
  secondsSince,
  secondsUntil,
  timeOfDay,
  waiting,
} from "./line";

const entry = (id: string, state: VisitState, place: number, openedAt: string): LineEntry => ({
  id,
  state,
  place,
  branch_name: "Kirseberg",
  kiosk_name: "Kirseberg",
  service_id: "library",
  language: "sv",
  opened_at: openedAt,
  returned: false,
  seat_id: null,
  seat_name: "",
  ticket: null,
  nobody: false,
  note: null,
});
const view = (...entries: LineEntry[]) =>
  ({ line: Object.fromEntries(entries.map((one) => [one.id, one])) }) as unknown as StaffView;

describe("the line", () => {
  const all = view(
    entry("third", "waiting", 3, "2026-03-02T10:00:00Z"),
    entry("first", "offered", 1, "2026-03-02T10:05:00Z"),
    entry("later", "waiting", 2, "2026-03-02T10:03:00Z"),
    entry("sooner", "waiting", 2, "2026-03-02T10:02:00Z"),
    entry("talks", "talking", 0, "2026-03-02T09:00:00Z"),
    entry("held", "held", 0, "2026-03-02T08:00:00Z"),
    entry("connects", "connecting", 0, "2026-03-02T09:30:00Z"),
    entry("called", "calling", 0, "2026-03-02T09:40:00Z"),
    entry("gone", "ended", 0, "2026-03-02T07:00:00Z"),
  );

  it("stands in the server's order, then in that of the taps", () => {
    expect(waiting(all).map((one) => one.id)).toEqual(["first", "sooner", "later", "third"]);
  });

  it("shows apart who is being talked to", () => {
    expect(answered(all).map((one) => one.id)).toEqual(["held", "talks", "connects", "called"]);
  });
});

describe("time waited", () => {
  const now = Date.parse("2026-03-02T10:00:00Z");
  it("is in whole seconds and never negative", () => {
    expect(secondsSince("2026-03-02T09:59:58.100Z", now)).toBe(1);
    expect(secondsSince("2026-03-02T10:00:05Z", now)).toBe(0);
  });

  it("until a deadline counts the second that has begun", () => {
    expect(secondsUntil("2026-03-02T10:00:01.100Z", now)).toBe(2);
    expect(secondsUntil("2026-03-02T09:00:00Z", now)).toBe(0);
  });

  it("until a deadline is at least a minute, and counts the one that has begun", () => {
    expect(minutesUntil("2026-03-02T10:11:01Z", now)).toBe(12);
    expect(minutesUntil("2026-03-02T10:12:00Z", now)).toBe(12);
    expect(minutesUntil("2026-03-02T10:00:02Z", now)).toBe(1);
    expect(minutesUntil("2026-03-02T09:00:00Z", now)).toBe(1);
  });

  it("of the day is written as people write it", () => {
    const moment = new Date(2026, 2, 2, 9, 5).toISOString();
    expect([timeOfDay(moment, "sv"), timeOfDay(moment, "nb"), timeOfDay(moment, "en")]).toEqual([
      "09.05",
      "09.05",
      "09:05",
    ]);
  });

  it.each([
    [0, "fresh"],
    [119, "fresh"],
    [120, "long"],
    [299, "long"],
    [300, "very_long"],
  ] as const)("of %i s is %s", (seconds, expected) => {
    expect(patience(seconds)).toBe(expected);
  });

  it.each([
    [0, "0:00"],
    [9, "0:09"],
    [61, "1:01"],
    [3599, "59:59"],
    [3600, "1:00:00"],
    [36_061, "10:01:01"],
  ])("of %i s reads %s", (seconds, expected) => {
    expect(clock(seconds)).toBe(expected);
  });
});
