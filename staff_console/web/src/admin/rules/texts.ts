// Texts in several languages: which are missing, and what a kiosk shows instead.
import type { Language } from "../../protocol/messages";

export const LANGUAGES: readonly Language[] = ["sv", "nb", "en"];

export type Texts = Readonly<Record<string, string>>;

/** As the kiosk chooses: Swedes and Norwegians read each other before English. */
const NEAREST: Readonly<Record<Language, readonly Language[]>> = {
  sv: ["sv", "nb", "en"],
  nb: ["nb", "sv", "en"],
  en: ["en", "sv", "nb"],
};

const has = (texts: Texts, language: Language) => (texts[language] ?? "").trim() !== "";

/** The language whose text is shown to readers of this one; null: there is no text at all. */
export function shownIn(texts: Texts, language: Language): Language | null {
  return NEAREST[language].find((one) => has(texts, one)) ?? null;
}

export function textIn(texts: Texts, language: Language): string {
  const shown = shownIn(texts, language);
  return shown === null ? "" : (texts[shown] ?? "").trim();
}

export interface Missing {
  readonly language: Language;
  readonly instead: Language;
}

/** Languages without a text of their own, while there is one in another. */
export function missingIn(texts: Texts): Missing[] {
  return LANGUAGES.filter((language) => !has(texts, language)).flatMap((language) => {
    const instead = shownIn(texts, language);
    return instead === null ? [] : [{ language, instead }];
  });
}

export function isEmpty(texts: Texts): boolean {
  return LANGUAGES.every((language) => !has(texts, language));
}
