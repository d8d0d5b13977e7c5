import { describe, expect, it } from "vitest";
import type { Language } from "../protocol/messages";
import { choices, keepsKiosks, ownFault, withLanguage } from "./own";

const ALL: readonly Language[] = ["sv", "nb", "en"];
const own = { languages: ["sv", "en"] as Language[], email: "", standby: true, alerts: false };

describe("one's own settings", () => {
  it.each([
    ["no e-mail at all", own, null],
    ["an e-mail address", { ...own, email: "karin@bibliotek.example" }, null],
    ["an e-mail address with a slip", { ...own, email: "karin@bibliotek" }, "email"],
    ["two words for an address", { ...own, email: "karin berg@bibliotek.example" }, "email"],
    ["no language", { ...own, languages: [] }, "languages"],
  ] as const)("with %s are judged", (_, settings, expected) => {
    expect(ownFault(settings)).toBe(expected);
  });

  it("take a language and let one go, in the order of the screens", () => {
    expect(withLanguage(own, ALL, "nb", true).languages).toEqual(["sv", "nb", "en"]);
    expect(withLanguage(own, ALL, "sv", false).languages).toEqual(["en"]);
  });

  it("send back only what one decides", () => {
    const kept = { ...own, push_available: true, email_available: true, push: 2 };
    expect(choices(kept)).toEqual(own);
  });

  it.each([
    [["librarian", "specialist"], false],
    [["librarian", "branch_admin"], true],
    [["service_owner"], true],
    [["system_admin"], true],
    [[], false],
  ])("of %j offer to be told of kiosks: %s", (roles, expected) => {
    expect(keepsKiosks(roles)).toBe(expected);
  });
});
