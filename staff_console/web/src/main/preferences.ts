// Language, theme and shortcuts of this browser. Nothing about people is kept here.
import type { Language } from "../protocol/messages";
import type { Preferences, Theme } from "../state/console";

const KEY = "preferences";
const LANGUAGES: readonly Language[] = ["sv", "nb", "en"];
const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** What was chosen before, else what the browser's languages suggest. */
export function loadPreferences(storage: Storage, browserLanguages: readonly string[]): Preferences {
  const stored = parse(storage.getItem(KEY));
  return {
    language: LANGUAGES.find((one) => one === stored.language) ?? suggest(browserLanguages),
    theme: THEMES.find((one) => one === stored.theme) ?? "system",
    shortcuts: stored.shortcuts !== false,
  };
}

export function savePreferences(storage: Storage, preferences: Preferences): void {
  storage.setItem(KEY, JSON.stringify(preferences));
}

function parse(text: string | null): Partial<Record<keyof Preferences, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function suggest(browserLanguages: readonly string[]): Language {
  for (const tag of browserLanguages) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === "sv" || primary === "en") return primary;
    // Nynorsk and plain "no" are read with bokmål's eyes.
    if (primary === "nb" || primary === "nn" || primary === "no") return "nb";
  }
  return "sv";
}
