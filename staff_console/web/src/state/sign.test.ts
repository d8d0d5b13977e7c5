import { describe, expect, it } from "vitest";
import type { SeatView } from "../protocol/messages";
import { SIGN_SPACING_MS, signDue } from "./sign";

const NOW = Date.parse("2026-03-02T10:00:00Z");
const seat = (changes: Partial<SeatView> = {}) =>
  ({ on_duty: true, silent: false, asked_until: null, ...changes }) as SeatView;
const ASKED = { asked_until: "2026-03-02T10:03:00Z" };

describe("a hand on the page", () => {
  it.each([
    ["is said the first time", seat(), "move", null, true],
    ["is not said again within four minutes", seat(), "press", NOW - SIGN_SPACING_MS + 1, false],
    ["is said again after four minutes", seat(), "move", NOW - SIGN_SPACING_MS, true],
    ["is nobody's business before there is a seat", null, "press", null, false],
    ["is nobody's business off duty", seat({ on_duty: false }), "press", null, false],
    ["answers the question at once", seat(ASKED), "press", NOW - 1, true],
    ["answers no question by only moving", seat(ASKED), "move", NOW - 1, false],
    ["mends a silent seat at once", seat({ silent: true }), "press", NOW - 1, true],
    ["mends no silent seat by only moving", seat({ silent: true }), "move", NOW - 1, false],
  ] as const)("%s", (_, view, hand, last, expected) => {
    expect(signDue(view, hand, last, NOW)).toBe(expected);
  });

  it("is said at most once in four minutes however long one works", () => {
    let last: number | null = null;
    let said = 0;
    for (let ms = 0; ms < 3_600_000; ms += 250) {
      if (!signDue(seat(), "move", last, NOW + ms)) continue;
      last = NOW + ms;
      said += 1;
    }
    expect(said).toBe(15);
  });
});
