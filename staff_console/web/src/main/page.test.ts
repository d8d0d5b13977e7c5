import { afterEach, describe, expect, it, vi } from "vitest";
import { createConsole } from "../state/console";
import { createWords } from "../ui/words";
import { readFigures } from "./page";

afterEach(() => {
  vi.useRealTimers();
});

describe("figures", () => {
  it("are read in each language that is chosen, before anything rings", () => {
    vi.useFakeTimers();
    const state = createConsole({ language: "sv", theme: "system", shortcuts: true }, 0);
    const language = () => state.preferences.value.language;
    const words = createWords(language);
    const said: string[] = [];
    readFigures(state, (id, values) => {
      said.push(`${language()}: ${words(id, values)}`);
      return "";
    });
    expect(said).toEqual([]); // nobody waits for it
    vi.runAllTimers();
    state.preferences.value = { ...state.preferences.value, language: "nb" };
    vi.runAllTimers();
    expect(said).toEqual([expect.stringMatching(/^sv: .*1/), expect.stringMatching(/^nb: .*1/)]);
  });
});
