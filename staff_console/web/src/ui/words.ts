// Sentences in three languages. A missing sentence is a fault of ours and fails the tests, not the librarian.
import { FluentBundle, FluentResource } from "@fluent/bundle";
import en from "../../l10n/en.ftl?raw";
import nb from "../../l10n/nb.ftl?raw";
import sv from "../../l10n/sv.ftl?raw";
import type { Language } from "../protocol/messages";

export type Words = (id: string, values?: Record<string, string | number>) => string;

const SOURCES: Readonly<Record<Language, string>> = { sv, nb, en };

/** One bundle per language; which one speaks is asked at every sentence, so that a switch needs no reload. */
export function createWords(
  language: () => Language,
  sources: Readonly<Record<Language, string>> = SOURCES,
): Words {
  const bundles = Object.fromEntries(
    Object.entries(sources).map(([code, source]) => [code, bundle(code, source)]),
  ) as Record<Language, FluentBundle>;
  return (id, values) => {
    const own = bundles[language()];
    const pattern = own.getMessage(id)?.value;
    return pattern ? own.formatPattern(pattern, values) : id;
  };
}

function bundle(code: string, source: string): FluentBundle {
  // No isolation marks: the values are names in the same direction of writing.
  const made = new FluentBundle(code, { useIsolating: false });
  const errors = made.addResource(new FluentResource(source));
  if (errors.length > 0) throw errors[0];
  return made;
}
