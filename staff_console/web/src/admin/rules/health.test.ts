import { describe, expect, it } from "vitest";
import type { AlertRow, HealthCode, HealthRow, Light, OrderRow } from "../../protocol/messages";
import {
  alertPlace,
  alertText,
  byBranch,
  findingText,
  identityCode,
  isEasyPin,
  isPin,
  isUnderWay,
  latestOrder,
  notTold,
  orderSaid,
  orderTime,
  summary,
  takesCalls,
} from "./health";

const kiosk = (name: string, light: Light, branch = "b") =>
  ({ kiosk_id: name, branch_id: branch, name, light, orders: [] }) as unknown as HealthRow;
const NAMES = new Map([
  ["b", "Burträsk"],
  ["å", "Åsele"],
  ["k", "Entrén"],
]);
const order = (fields: Partial<OrderRow>): OrderRow => ({
  id: "o",
  kind: "test",
  state: "asked",
  fault: null,
  asked_by: "Anna",
  asked_at: "2026-03-02T10:00:00Z",
  told_at: null,
  ...fields,
});
const alert = (fields: Partial<AlertRow>): AlertRow => ({
  id: "a",
  scope: "kiosk",
  branch_id: "b",
  kiosk_ids: ["k"],
  code: "away",
  found_at: "2026-03-02T10:00:00Z",
  told_at: null,
  mended_at: null,
  ...fields,
});

describe("the list of kiosks", () => {
  it("has the worst first, branches and kiosks alike", () => {
    const rows = [kiosk("g", "green"), kiosk("n", "grey", "å"), kiosk("a", "amber", "å"), kiosk("r", "red")];
    const found = byBranch(rows, NAMES, "sv").map(({ name, kiosks }) => [
      name,
      kiosks.map((one) => one.name),
    ]);
    expect(found).toEqual([
      ["Burträsk", ["r", "g"]],
      ["Åsele", ["a", "n"]],
    ]);
  });

  it("is in the order of names where all is alike", () => {
    const rows = [kiosk("ö", "green", "å"), kiosk("z", "green", "å"), kiosk("x", "green")];
    const found = byBranch(rows, NAMES, "sv");
    expect(found.map(({ name }) => name)).toEqual(["Burträsk", "Åsele"]);
    expect(found[1]?.kiosks.map(({ name }) => name)).toEqual(["z", "ö"]);
  });

  it("says calmly that all is well", () => {
    expect(summary([kiosk("x", "green")], NAMES)).toEqual([
      ["admin-health-all-well"],
      ["admin-health-nothing-to-do"],
    ]);
  });

  it("names the one, and counts the many", () => {
    const rows = [kiosk("Entrén", "red"), kiosk("x", "amber"), kiosk("y", "amber"), kiosk("z", "green")];
    expect(summary(rows, NAMES)).toEqual([
      ["admin-health-one-red", { kiosk: "Entrén", branch: "Burträsk" }],
      ["admin-health-many-amber", { count: 2 }],
    ]);
  });

  it("says when there is none", () => {
    expect(summary([], NAMES)).toEqual([["admin-none-kiosks"]]);
  });
});

it.each([
  ["green", true],
  ["amber", true],
  ["red", false],
  ["grey", false],
] as const)("a kiosk that is %s takes calls: %s", (light, expected) => {
  expect(takesCalls({ light })).toBe(expected);
});

describe("an order", () => {
  it("is the last one of its kind", () => {
    const orders = [
      order({ id: "1" }),
      order({ id: "2", asked_at: "2026-03-02T11:00:00Z" }),
      order({ id: "3", kind: "reload", asked_at: "2026-03-02T12:00:00Z" }),
    ];
    expect(latestOrder({ orders }, "test")?.id).toBe("2");
    expect(latestOrder({ orders }, "identify")).toBeNull();
  });

  it.each([
    ["asked", true],
    ["taken", true],
    ["done", false],
    ["failed", false],
    ["expired", false],
  ] as const)("that is %s is under way: %s", (state, expected) => {
    expect(isUnderWay(order({ state }))).toBe(expected);
  });

  it("that failed says why", () => {
    const values = { who: "Anna", when: "nu" };
    expect(orderSaid(order({ state: "failed", fault: "in_a_visit" }), "nu")).toEqual([
      "admin-health-failed-in_a_visit",
      values,
    ]);
    expect(orderSaid(order({ state: "failed" }), "nu")[0]).toBe("admin-health-failed-broken");
    expect(orderSaid(order({ state: "done" }), "nu")).toEqual(["admin-health-order-done", values]);
  });

  it("is as old as the last that was told of it", () => {
    expect(orderTime(order({}))).toBe("2026-03-02T10:00:00Z");
    expect(orderTime(order({ told_at: "2026-03-02T10:01:00Z" }))).toBe("2026-03-02T10:01:00Z");
  });
});

describe("an alert", () => {
  it.each([
    ["kiosk", "Burträsk, Entrén"],
    ["branch", "Burträsk"],
    ["network", ""],
  ] as const)("of a %s says where", (scope, expected) => {
    expect(alertPlace(alert({ scope }), NAMES)).toBe(expected);
  });

  it("says the one cause that took down more than a kiosk", () => {
    expect(alertText(alert({}), "en")).toEqual(findingText("away", "en"));
    expect(alertText(alert({ scope: "branch" }), "en")).not.toEqual(findingText("away", "en"));
  });
});

it("a kiosk's code is what it shows itself: the last four signs of its id", () => {
  expect(identityCode({ kiosk_id: "01J9zK4t" })).toBe("ZK4T");
});

it("a finding of a newer server stands for itself", () => {
  expect(findingText("gremlins" as HealthCode, "sv")).toEqual({ sentence: "gremlins", remedy: "" });
});

it.each([
  ["123456", true],
  ["123456789012", true],
  ["12345", false],
  ["1234567890123", false],
  ["12345a", false],
  ["", false],
])("%s is a PIN: %s", (typed, expected) => {
  expect(isPin(typed)).toBe(expected);
});

it.each([
  ["000000", true],
  ["123456", true],
  ["987654", true],
  ["678901", true],
  ["109876", true],
  ["123457", false],
  ["112233", false],
  ["246802", false],
  ["271828", false],
])("%s is tried first by anybody: %s", (pin, expected) => {
  expect(isEasyPin(pin)).toBe(expected);
});

it.each([
  [false, false, "admin-health-alert-nobody"],
  [false, true, "admin-health-alert-nobody"],
  [true, true, "admin-health-alert-waits"],
  [true, false, "admin-health-alert-soon"],
])("an alert waits because: somebody is told %s, quiet hour %s", (anybody_told, quiet, expected) => {
  expect(notTold({ anybody_told, quiet })).toBe(expected);
});
