import { describe, expect, it } from "vitest";
import type { OfferView } from "../protocol/messages";
import { ringLead, ringLook } from "./ring";

const offer = (changes: Partial<OfferView> = {}) =>
  ({ kind: "visit", ticket: null, asked_by: "", ...changes }) as OfferView;

describe("a ring", () => {
  it.each([
    ["visit", {}, {}],
    ["ticket", { ticket: 7 }, { ticket: 7 }],
    ["join", { kind: "join", asked_by: "Karin" }, { name: "Karin" }],
    ["join", { kind: "join", asked_by: "Karin", ticket: 7 }, { name: "Karin" }],
  ] as const)("of a %s says so", (look, changes, values) => {
    const ring = offer(changes);
    expect(ringLook(ring)).toBe(look);
    expect(ringLead(ring)).toMatchObject({ id: `ring-lead-${look}`, values });
  });
});
