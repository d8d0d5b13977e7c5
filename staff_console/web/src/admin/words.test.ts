import { describe, expect, it } from "vitest";
import en from "../../l10n/admin.en.ftl?raw";
import nb from "../../l10n/admin.nb.ftl?raw";
import sv from "../../l10n/admin.sv.ftl?raw";
import { KINDS } from "./rules/kinds";
import { createAdminWords } from "./words";

const CODE = import.meta.glob<string>(["./**/*.ts", "./**/*.tsx", "!./**/*.test.*"], {
  eager: true,
  query: "?raw",
  import: "default",
});
const code = Object.values(CODE).join("\n");
const sentences = (source: string): Map<string, string> =>
  new Map([...source.matchAll(/^([a-zA-Z][\w-]*) = (.+)$/gm)].map(([, id = "", text = ""]) => [id, text]));
const variables = (text: string) => [...text.matchAll(/\{ \$(\w+) \}/g)].map(([, name]) => name).sort();
const english = sentences(en);

describe.each(Object.entries({ sv, nb, en }))("the forms' words in %s", (_, source) => {
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

describe("the forms", () => {
  it("ask for no sentence that is not there", () => {
    const asked = [...code.matchAll(/["'](admin-[\w-]+)["']/g)].map(([, id]) => id ?? "");
    expect(asked.length).toBeGreaterThan(100);
    for (const id of asked) expect(english.has(id), id).toBe(true);
  });

  it("leave no sentence unsaid", () => {
    // Some ids are put together: `admin-role-${...}`. Their beginnings stand in the code.
    const beginnings = [...code.matchAll(/[`"]([\w-]+-)\$\{/g)].map(([, start]) => start ?? "");
    for (const id of english.keys())
      expect(code.includes(`"${id}"`) || beginnings.some((start) => id.startsWith(start)), id).toBe(true);
  });

  it("name every field that the action log can hold", () => {
    const fields = new Set(Object.values(KINDS).flatMap((kind) => kind.fields));
    // These name the thing itself.
    for (const told of ["name", "login"]) fields.delete(told);
    for (const field of fields) expect(english.has(`admin-field-${field}`), field).toBe(true);
  });

  it("speak in the language of the moment", () => {
    let language: "sv" | "en" = "sv";
    const say = createAdminWords(() => language);
    expect(say("admin-save")).toBe("Spara");
    language = "en";
    expect(say("admin-conflict", { who: "Anna" })).toBe("Anna changed this meanwhile.");
  });
});
