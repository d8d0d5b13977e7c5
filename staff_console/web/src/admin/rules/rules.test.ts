import { describe, expect, it } from "vitest";
import { addressOf, routeOf } from "./kinds";
import { isEmpty, missingIn, shownIn, textIn } from "./texts";
import { byWait, withTier } from "./tiers";
import { localOf, momentOf } from "./zone";

describe("a text that is missing", () => {
  it("is said together with what the kiosk shows: neighbours before English", () => {
    expect(missingIn({ sv: "Hej" })).toEqual([
      { language: "nb", instead: "sv" },
      { language: "en", instead: "sv" },
    ]);
    expect(shownIn({ nb: "Hei", en: "Hello" }, "sv")).toBe("nb");
    expect(missingIn({ sv: "Hej", nb: "Hei", en: "Hello" })).toEqual([]);
  });

  it("of blanks alone is none", () => {
    expect(isEmpty({ sv: "  " })).toBe(true);
    expect(missingIn({})).toEqual([]);
    expect(textIn({ sv: " Hej " }, "en")).toBe("Hej");
    expect(textIn({}, "en")).toBe("");
  });
});

describe("the library's clock", () => {
  it("is shown and read, in winter and in summer", () => {
    expect(localOf("2026-01-15T09:00:00Z", "Europe/Stockholm")).toBe("2026-01-15T10:00");
    expect(momentOf("2026-01-15T10:00", "Europe/Stockholm")).toBe("2026-01-15T09:00:00.000Z");
    expect(momentOf("2026-07-15T10:00", "Europe/Stockholm")).toBe("2026-07-15T08:00:00.000Z");
  });

  it("goes on over a change of clocks", () => {
    // Summer time begins on 29 March 2026 at 02.00.
    expect(momentOf("2026-03-29T01:59", "Europe/Stockholm")).toBe("2026-03-29T00:59:00.000Z");
    expect(momentOf("2026-03-29T03:00", "Europe/Stockholm")).toBe("2026-03-29T01:00:00.000Z");
    expect(momentOf("2026-10-25T04:00", "Europe/Stockholm")).toBe("2026-10-25T03:00:00.000Z");
  });

  it("without a time has no moment", () => {
    expect(momentOf("", "Europe/Stockholm")).toBeNull();
  });
});

describe("the teams of a service", () => {
  it("come in later and later", () => {
    const first = withTier([], "a");
    expect(first).toEqual([{ team_id: "a", after_s: 0 }]);
    expect(withTier(first, "b")[1]).toEqual({ team_id: "b", after_s: 20 });
  });

  it("stand in the order of their seconds, and wait with it while a number is being typed", () => {
    const tiers = [
      { team_id: "a", after_s: 30 },
      { team_id: "b", after_s: 10 },
    ];
    expect(byWait(tiers).map(({ team_id }) => team_id)).toEqual(["b", "a"]);
    const typing = [...tiers, { team_id: "c", after_s: Number.NaN }];
    expect(byWait(typing)).toEqual(typing);
  });
});

describe("an address", () => {
  it.each([
    ["#manage", { kind: null, id: null }],
    ["#manage/branches", { kind: "branches", id: null }],
    ["#manage/exceptions/x/2026", { kind: "exceptions", id: "x/2026" }],
  ] as const)("%s is a place on this page", (address, route) => {
    expect(routeOf(address)).toEqual(route);
    expect(addressOf(route)).toBe(address);
  });

  it("of elsewhere is none of ours, and an unknown kind is the beginning", () => {
    expect(routeOf("#desk")).toBeNull();
    expect(routeOf("")).toBeNull();
    expect(routeOf("#manage/doors")).toEqual({ kind: null, id: null });
  });
});
