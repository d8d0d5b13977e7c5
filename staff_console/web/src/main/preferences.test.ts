import { describe, expect, it } from "vitest";
import { loadPreferences, savePreferences } from "./preferences";

function storage(content: string | null = null): Storage {
  let kept = content;
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value;
    },
  } as unknown as Storage;
}

describe("preferences", () => {
  it.each([
    [["nn-NO", "en"], "nb"],
    [["no"], "nb"],
    [["de", "en-GB"], "en"],
    [["fi", "sv-FI"], "sv"],
    [["fi"], "sv"],
    [[], "sv"],
  ] as const)("take %j from the browser as %s", (languages, expected) => {
    expect(loadPreferences(storage(), languages).language).toBe(expected);
  });

  it("come back as they were kept", () => {
    const kept = storage();
    const chosen = { language: "nb", theme: "dark", shortcuts: false } as const;
    savePreferences(kept, chosen);
    expect(loadPreferences(kept, ["en"])).toEqual(chosen);
  });

  it.each(["not json", "null", "7", '{"language":"xx","theme":"pink"}'])(
    "survive %s in the storage",
    (content) => {
      expect(loadPreferences(storage(content), ["en"])).toEqual({
        language: "en",
        theme: "system",
        shortcuts: true,
      });
    },
  );
});
