import { describe, expect, it } from "vitest";
import tokens from "./styles/tokens.css?raw";

type Face = "light" | "dark";
const HEX = /^#[0-9a-f]{6}$/;

/** Every colour token in one face. */
function colours(face: Face): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", value = ""] of tokens.matchAll(/--([\w-]+):\s*([^;]+);/g)) {
    const [, light = "", dark = ""] = /^light-dark\((#\w+),\s*(#\w+)\)$/.exec(value.trim()) ?? [];
    const colour = light === "" ? value.trim() : face === "light" ? light : dark;
    if (HEX.test(colour)) found.set(name, colour);
  }
  return found;
}

/** Relative luminance and contrast: WCAG 2.2, 1.4.3. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const SURFACES = ["surface", "surface-raised", "surface-sunk"];
const PAIRS: readonly (readonly [string, string, number])[] = [
  // Text that is read: 7. Words that are glanced at: 4.5. Lines of controls: 3 (1.4.11).
  ...SURFACES.map((surface) => ["ink", surface, 7] as const),
  ...["answerable-surface", "waiting-surface", "urgent-surface"].map(
    (surface) => ["ink", surface, 7] as const,
  ),
  ...SURFACES.map((surface) => ["ink-soft", surface, 4.5] as const),
  ["ink-soft", "answerable-surface", 4.5],
  ...["accent", "answerable", "waiting", "urgent"].flatMap((word) =>
    SURFACES.map((surface) => [word, surface, 4.5] as const),
  ),
  ["answerable", "answerable-surface", 4.5],
  ["waiting", "waiting-surface", 4.5],
  ["urgent", "urgent-surface", 4.5],
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-strong", 4.5],
  ["on-urgent", "urgent", 4.5],
  ["surface", "ink", 7],
  ["on-stage", "stage", 7],
  ["on-stage-soft", "stage", 7],
  ["stage-well", "stage", 4.5],
  ["stage-waiting", "stage", 4.5],
  ["accent", "answerable-surface", 3],
  ...SURFACES.map((surface) => ["control-line", surface, 3] as const),
  ...SURFACES.map((surface) => ["focus", surface, 3] as const),
  ...["answerable-surface", "waiting-surface", "urgent-surface"].map(
    (surface) => ["focus", surface, 3] as const,
  ),
];

describe.each(["light", "dark"] as const)("the colours by %s", (face) => {
  const all = colours(face);

  it.each(PAIRS)("%s on %s reaches %f : 1", (word, surface, reach) => {
    const [front, back] = [all.get(word), all.get(surface)];
    if (front === undefined || back === undefined) throw new Error(`no such token: ${word} or ${surface}`);
    expect(contrast(front, back)).toBeGreaterThanOrEqual(reach);
  });
});

describe("the sum behind it", () => {
  it("knows black on white and itself", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#17644a", "#17644a")).toBe(1);
  });
});
