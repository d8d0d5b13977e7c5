import { describe, expect, it } from "vitest";
import type { SeatView, StaffView } from "../protocol/messages";
import { dutyState, isAwaited, proofDiffers } from "./duty";

const ALL = { sound: true, microphone: true, camera: true };
const seat = (changes: Partial<SeatView>): SeatView => ({
  id: "seat-1",
  on_duty: true,
  ...ALL,
  answerable: true,
  named: true,
  wrap_up_until: null,
  silent: false,
  pause: null,
  asked_until: null,
  off_duty_cause: null,
  languages: ["sv", "nb", "en"],
  ...changes,
});

describe("the duty sentence", () => {
  it.each([
    ["off before there is a seat", null, ALL, true, { kind: "off", missing: [] }],
    ["off when the switch is off", seat({ on_duty: false }), ALL, true, { kind: "off", missing: [] }],
    ["green only when the server says so", seat({}), ALL, true, { kind: "green", missing: [] }],
    [
      "not green before the server says so",
      seat({ answerable: false }),
      ALL,
      true,
      { kind: "pending", missing: [] },
    ],
    ["not green when the server is out of reach", seat({}), ALL, false, { kind: "unknown", missing: [] }],
    [
      "broken at once when a proof is lost, whatever the server still thinks",
      seat({}),
      { ...ALL, camera: false },
      true,
      { kind: "broken", missing: ["camera"] },
    ],
    [
      "broken with sound first: it is the easiest to mend",
      seat({}),
      { sound: false, microphone: false, camera: false },
      true,
      { kind: "broken", missing: ["sound", "microphone", "camera"] },
    ],
    [
      "broken when the server heard nothing for too long, with that first: the click mends it at once",
      seat({ silent: true, answerable: false }),
      { ...ALL, camera: false },
      true,
      { kind: "broken", missing: ["silent", "camera"] },
    ],
    [
      "paused, with what is to be mended meanwhile",
      seat({ pause: { reason: "unanswered", until: null }, answerable: false }),
      { ...ALL, sound: false },
      true,
      { kind: "paused", missing: ["sound"], pause: { reason: "unanswered", until: null } },
    ],
    [
      "off when off duty, whatever pause is left over",
      seat({ on_duty: false, pause: { reason: "break", until: null } }),
      ALL,
      true,
      { kind: "off", missing: [] },
    ],
  ] as const)("is %s", (_, view, proof, linkUp, expected) => {
    expect(dutyState(view, proof, linkUp)).toEqual(expected);
  });
});

describe("the proof", () => {
  it("is said when the server knows another one, and not otherwise", () => {
    expect(proofDiffers(seat({}), ALL)).toBe(false);
    expect(proofDiffers(seat({ microphone: false }), ALL)).toBe(true);
    expect(proofDiffers(seat({}), { ...ALL, sound: false })).toBe(true);
  });
});

describe("a page", () => {
  const visit = {} as StaffView["visit"];
  it.each([
    ["that was never shown anything", null, false],
    ["off duty", { seat: seat({ on_duty: false }), visit: null }, false],
    ["on duty", { seat: seat({}), visit: null }, true],
    ["off duty with a call that goes on", { seat: seat({ on_duty: false }), visit }, true],
  ] as const)("%s is counted on: see the last column", (_, view, awaited) => {
    expect(isAwaited(view)).toBe(awaited);
  });
});
