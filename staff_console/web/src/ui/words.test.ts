import { describe, expect, it } from "vitest";
import en from "../../l10n/en.ftl?raw";
import nb from "../../l10n/nb.ftl?raw";
import sv from "../../l10n/sv.ftl?raw";
import { createWords } from "./words";

const SOURCES = { en, nb, sv };
const CODE = import.meta.glob<string>(["../**/*.ts", "../**/*.tsx", "!../**/*.test.*"], {
  eager: true,
  query: "?raw",
  import: "default",
});

const sentences = (source: string): Map<string, string> =>
  new Map([...source.matchAll(/^([a-zA-Z][\w-]*) = (.+)$/gm)].map(([, id = "", text = ""]) => [id, text]));
const variables = (text: string) => [...text.matchAll(/\{ \$(\w+) \}/g)].map(([, name]) => name).sort();

const english = sentences(en);
const code = Object.values(CODE).join("\n");

describe.each(Object.entries(SOURCES))("the words in %s", (_, source) => {
  const own = sentences(source);

  it("are as many as everywhere, each with the same values in it", () => {
    expect([...own.keys()]).toEqual([...english.keys()]);
    for (const [id, text] of own) expect(variables(text), id).toEqual(variables(english.get(id) ?? ""));
  });

  it("stand once each, on one line", () => {
    const lines = source.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines).toHaveLength(own.size);
  });
});

describe("the screen", () => {
  it("asks for no sentence that is not there", () => {
    const asked = [...code.matchAll(/\bwords\(\s*"([\w-]+)"/g)].map(([, id]) => id ?? "");
    expect(asked.length).toBeGreaterThan(60);
    for (const id of asked) expect(english.has(id), id).toBe(true);
  });

  it("leaves no sentence unsaid", () => {
    // Some ids are put together: `condition-${...}`. Their beginnings stand in the code.
    const beginnings = [...code.matchAll(/[`"]([\w-]+-)\$\{/g)].map(([, start]) => start ?? "");
    for (const id of english.keys()) {
      const said = code.includes(`"${id}"`) || beginnings.some((start) => id.startsWith(start));
      expect(said, id).toBe(true);
    }
  });
});

describe("a sentence", () => {
  it("is said in the language of the moment", () => {
    let language: "sv" | "en" = "sv";
    const words = createWords(() => language);
    expect(words("ring-accept-visit")).toBe("Svara");
    language = "en";
    expect(words("ring-accept-visit")).toBe("Answer");
  });

  it("takes its values without marks around them", () => {
    expect(createWords(() => "nb")("ring-title", { branch: "Åsane" })).toBe("Besøkende på Åsane");
  });

  it("that is missing shows its name, which the tests above never let happen", () => {
    expect(createWords(() => "en")("no-such-sentence")).toBe("no-such-sentence");
  });
});
