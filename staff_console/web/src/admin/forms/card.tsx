// An answer card, with the kiosk's own look beside it.
import { useState } from "preact/hooks";
import type { AdminView, Language } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Segments } from "../../ui/controls/segments";
import { useField, useOffice } from "../context";
import { NumberField, SelectField } from "../fields/plain";
import { TextsField } from "../fields/texts";
import { LANGUAGES, type Texts, textIn } from "../rules/texts";

export function CardFields({ view }: { view: AdminView }) {
  const { say, keeping } = useOffice();
  const mayAll = view.allowed.edit_library_card === true;
  const branches = view.branches.map(({ id, name }) => ({ value: id, label: name }));
  const isNew = keeping.draft.value?.id === null;
  return (
    <>
      <div class="pair">
        <SelectField
          name="branch_id"
          label={say("admin-card-where")}
          choices={branches}
          fixed={!mayAll && !isNew}
          {...(mayAll ? { none: say("admin-card-everywhere") } : {})}
        />
        <NumberField
          name="position"
          label={say("admin-card-position")}
          hint={say("admin-card-position-hint")}
          unit=""
          min={0}
          max={999}
        />
      </div>
      <TextsField name="titles" label={say("admin-card-titles")} hint={say("admin-card-titles-hint")} />
      <TextsField
        name="bodies"
        label={say("admin-card-bodies")}
        hint={say("admin-card-bodies-hint")}
        lines={6}
      />
      <Preview view={view} />
    </>
  );
}

function Preview({ view }: { view: AdminView }) {
  const { words } = useDesk();
  const { say } = useOffice();
  const [language, setLanguage] = useState<Language>(view.library.default_language);
  const titles = useField<Texts>("titles").value;
  const bodies = useField<Texts>("bodies").value;
  return (
    <section class="preview" aria-labelledby="preview-title">
      <h3 id="preview-title">{say("admin-card-preview")}</h3>
      <Segments
        label={say("admin-card-preview-language")}
        values={LANGUAGES}
        chosen={language}
        word={(value) => words(`language-${value}`)}
        lang={(value) => value}
        onChoose={setLanguage}
        testid="preview"
      />
      <div class="preview-kiosk" lang={language} data-testid="preview-kiosk">
        <p class="preview-title">{textIn(titles, language) || "…"}</p>
        <p class="preview-body">{textIn(bodies, language) || "…"}</p>
      </div>
    </section>
  );
}
