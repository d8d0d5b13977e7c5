import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "../../protocol/messages";
import { daysOf, figuresOf, HISTORY_DAYS, numbersIn, seriesOf } from "./history";

const ZONE = "Europe/Stockholm";
const point = (at: string, fields: Partial<HistoryPoint> = {}): HistoryPoint => ({
  at,
  test: "light",
  light: "green",
  findings: [],
  numbers: {},
  ...fields,
});

describe("a line", () => {
  it("goes through what was measured, and skips tests that measured something else", () => {
    const points = [
      point("2026-03-01T00:00:00Z", { numbers: { cpu_percent: 3 } }),
      point("2026-03-01T00:30:00Z"),
      point("2026-03-01T01:00:00Z", { numbers: { cpu_percent: 5 } }),
    ];
    const start = Date.parse("2026-03-01T00:00:00Z") / 1000;
    expect(seriesOf(points, "cpu_percent")).toEqual([
      [start, start + 3600],
      [3, 5],
    ]);
  });

  it("is broken where nothing was measured for more than a day and a half", () => {
    const points = [
      point("2026-03-01T00:00:00Z", { numbers: { cpu_percent: 3 } }),
      point("2026-03-02T12:00:00Z", { numbers: { cpu_percent: 4 } }),
      point("2026-03-04T12:00:00Z", { numbers: { cpu_percent: 5 } }),
    ];
    expect(seriesOf(points, "cpu_percent")[1]).toEqual([3, 4, null, 5]);
  });
});

describe("figures", () => {
  it("are the lowest, the highest and the last, without what is missing", () => {
    expect(figuresOf([2, null, 9, undefined, 4])).toEqual({ low: 2, high: 9, last: 4 });
  });
  it("are none without any number", () => {
    expect(figuresOf([null])).toBeNull();
  });
});

it("the numbers that were measured are known once each, in the order of the page", () => {
  const points = [
    point("2026-03-01T00:00:00Z", { numbers: { restarts: 0, gremlins: 2 } }),
    point("2026-03-01T01:00:00Z", { numbers: { camera_fps: 30, restarts: 0 } }),
  ];
  expect(numbersIn(points)).toEqual(["camera_fps", "restarts"]);
});

describe("the days", () => {
  const now = "2026-03-30T10:00:00Z";

  it("are thirty up to today, also where nothing was told", () => {
    const days = daysOf([], null, now, ZONE);
    expect(days).toHaveLength(HISTORY_DAYS);
    expect(days[0]?.day).toBe("2026-03-01");
    expect(days.at(-1)).toEqual({ day: "2026-03-30", light: null, codes: [], figures: null });
  });

  it("have the worst light and all that was found, on the library's clock", () => {
    const points = [
      // Half past midnight in Stockholm, the day before by UTC; summer time began that night.
      point("2026-03-28T23:30:00Z", { light: "amber", findings: ["too_hot"], numbers: { cpu_percent: 7 } }),
      point("2026-03-29T12:00:00Z", {
        light: "red",
        findings: ["disk_full", "too_hot"],
        numbers: { cpu_percent: 3 },
      }),
      point("2026-03-29T21:59:00Z"),
      point("2026-03-29T22:00:00Z"),
    ];
    const days = daysOf(points, "cpu_percent", now, ZONE);
    expect(days.at(-2)).toEqual({
      day: "2026-03-29",
      light: "red",
      codes: ["too_hot", "disk_full"],
      figures: { low: 3, high: 7, last: 3 },
    });
    expect(days.at(-1)?.light).toBe("green");
    expect(days.at(-3)?.light).toBeNull();
  });
});
