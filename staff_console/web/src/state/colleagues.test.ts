import { describe, expect, it } from "vitest";
import type { Colleague, StaffView, StaffVisit } from "../protocol/messages";
import { colleagueState, colleagues, firstName, mayInvite, nobodySpeaks } from "./colleagues";

const colleague = (id: string, name: string, changes: Partial<Colleague> = {}): Colleague => ({
  id,
  name,
  answerable: true,
  busy: false,
  paused: false,
  languages: ["sv"],
  ...changes,
});
const sara = colleague("seat-3", "Sara Öberg");
const bjorn = colleague("seat-2", "Bjørn Dahl");

function view(visit: Partial<StaffVisit> | null = null): StaffView {
  const full = visit === null ? null : { state: "talking", guest: false, other: null, asked: "", ...visit };
  return { colleagues: { [sara.id]: sara, [bjorn.id]: bjorn }, visit: full } as unknown as StaffView;
}
const other = { seat_id: sara.id, name: sara.name, generation: 2, offers: true, connected: true };

describe("colleagues", () => {
  it("stand by name, and first whoever is in the conversation", () => {
    expect(colleagues(view()).map((one) => one.id)).toEqual(["seat-2", "seat-3"]);
    expect(colleagues(view({ other })).map((one) => one.id)).toEqual(["seat-3", "seat-2"]);
  });

  it.each([
    ["free", {}],
    ["busy", { busy: true, answerable: false }],
    ["paused", { paused: true, answerable: false }],
    ["unreachable", { answerable: false }],
  ] as const)("are %s", (expected, changes) => {
    expect(colleagueState(view(), { ...bjorn, ...changes })).toBe(expected);
  });

  it("are here once they joined, busy or not", () => {
    expect(colleagueState(view({ other }), { ...sara, busy: true })).toBe("here");
  });

  it("are called by their first name", () => {
    expect([firstName("Sara Öberg"), firstName("Karin")]).toEqual(["Sara", "Karin"]);
  });
});

describe("a language", () => {
  const seat = (on_duty: boolean) => ({ on_duty, languages: ["nb"] });
  it.each([
    ["that a colleague speaks", "sv", false, false],
    ["that one speaks oneself", "nb", true, false],
    ["that one speaks oneself, off duty", "nb", false, true],
    ["that nobody speaks", "en", true, true],
  ] as const)("%s", (_, language, onDuty, expected) => {
    const all = { ...view(), seat: seat(onDuty) } as StaffView;
    expect(nobodySpeaks(all, language)).toBe(expected);
  });
});

describe("bringing somebody in", () => {
  it.each([
    ["is offered while talking", { state: "talking" }, true],
    ["is offered on hold", { state: "held" }, true],
    ["waits for the conversation to begin", { state: "connecting" }, false],
    ["waits for the number to be answered", { state: "calling" }, false],
    ["is not a guest's to do", { guest: true }, false],
    ["is done once at a time", { asked: "Sara Öberg" }, false],
    ["is over when somebody is in", { other }, false],
  ] as const)("%s", (_, visit, expected) => {
    expect(mayInvite(view(visit))).toBe(expected);
  });

  it("is nothing without a conversation", () => {
    expect(mayInvite(view())).toBe(false);
  });
});
