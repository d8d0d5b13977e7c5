import { describe, expect, it } from "vitest";
import { createAdminWords } from "../words";
import { byArea, NUMBERS, numberText, stepsOf } from "./numbers";
import { agoText, between, spanOf, spanText } from "./spans";

const sv = createAdminWords(() => "sv");
const en = createAdminWords(() => "en");

describe("a span of time", () => {
  it.each([
    [59, null],
    [60, "1 minut"],
    [59 * 60 + 59, "59 minuter"],
    [3600, "1 timme"],
    [47 * 3600, "47 timmar"],
    [48 * 3600, "2 dygn"],
    [30 * 86_400, "30 dygn"],
  ])("of %d seconds is %s", (seconds, expected) => {
    const span = spanOf(seconds);
    expect(span && spanText(span, "sv")).toBe(expected);
  });

  it("is between two moments, and said as long ago", () => {
    const span = between("2026-03-02T10:00:00Z", "2026-03-02T13:30:00Z");
    expect(span && agoText(span, "en")).toBe("3 hours ago");
    expect(span && agoText(span, "nb")).toBe("for 3 timer siden");
  });
});

describe("a number", () => {
  it.each([
    ["sweep_level_db", -31.6, "−32 dB", "-32 dB"],
    ["clock_ahead_s", 0.25, "0,3 s", "0.3 s"],
    ["disk_free_percent", 41.4, "41 %", "41%"],
    ["temperature_c", 52, "52 °C", "52 °C"],
    ["camera_fps", 29.97, "30 i sekunden", "30 a second"],
    ["uptime_s", 14 * 86_400, "14 dygn", "14 days"],
    ["uptime_s", 5, "nyss", "just now"],
    ["restarts", 2, "2", "2"],
  ] as const)("%s of %d is said with its unit", (name, value, swedish, english) => {
    expect(numberText(name, value, "sv", sv)).toBe(swedish);
    expect(numberText(name, value, "en", en)).toBe(english);
  });

  it("stands with those of its area; one that is not known here is left out", () => {
    expect(byArea({ gremlins: 1, cpu_percent: 2, camera_fps: 30, disk_free_percent: 40 })).toEqual([
      ["camera", ["camera_fps"]],
      ["machine", ["disk_free_percent", "cpu_percent"]],
    ]);
  });

  it("has a name and a unit in words", () => {
    for (const name of Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]) {
      expect(en(`admin-number-${name}`)).not.toBe(`admin-number-${name}`);
      expect(numberText(name, 3 * 86_400, "en", en)).not.toContain("admin-");
    }
  });

  it("is drawn in steps that can be told apart in words", () => {
    const said = stepsOf("uptime_s").map((step) => numberText("uptime_s", step, "en", en));
    expect(new Set(said).size).toBe(said.length);
    expect(stepsOf("clock_ahead_s")).toEqual([]);
    expect(stepsOf("restarts")[0]).toBe(1);
  });
});
