// This page's own sentences, fetched with it.
import en from "../../l10n/admin.en.ftl?raw";
import nb from "../../l10n/admin.nb.ftl?raw";
import sv from "../../l10n/admin.sv.ftl?raw";
import type { Language } from "../protocol/messages";
import { createWords, type Words } from "../ui/words";

export function createAdminWords(language: () => Language): Words {
  return createWords(language, { sv, nb, en });
}
