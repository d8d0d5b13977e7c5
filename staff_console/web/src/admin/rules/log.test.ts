import { describe, expect, it } from "vitest";
import { createAdminWords } from "../words";
import { spokenField } from "./log";

const say = createAdminWords(() => "en");

describe("a line of the action log says", () => {
  it.each([
    ["notes", "*", "changed"],
    ["phone", "", "nothing"],
    ["closed", "true", "yes"],
    ["languages", "sv, en", "SV, EN"],
    ["lens_side", "left", "Left of the screen"],
    ["test_at_min", "185", "03.05"],
    ["camera_height_cm", "142", "142"],
  ])("of %s %s: %s", (field, value, expected) => {
    expect(spokenField(field, value, say, (code) => code.toUpperCase())).toBe(expected);
  });
});
