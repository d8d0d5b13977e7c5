// One text in each language, side by side, and which are missing: the kiosk then shows another language's.
import type { Language } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Icon } from "../../ui/controls/icon";
import { useField, useOffice } from "../context";
import { isEmpty, LANGUAGES, missingIn, type Texts } from "../rules/texts";
import { Notes, Wrong } from "./frame";

export interface TextsFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly lines?: number;
  /** Without any text at all nothing is said, and that is all right. */
  readonly optional?: boolean;
}

export function TextsField({ name, label, hint, lines, optional = false }: TextsFieldProps) {
  const { words } = useDesk();
  const field = useField<Texts>(name);
  const wrongIn = LANGUAGES.find((language) => field.fault?.at.split(".")[0] === language);
  return (
    <fieldset class="texts-field">
      <legend>{label}</legend>
      {hint !== undefined && <small id={`${name}-lead`}>{hint}</small>}
      <div class="texts">
        {LANGUAGES.map((language) => {
          const id = `${name}-${language}`;
          const wrong = wrongIn === language ? field.fault?.text : undefined;
          const shared = {
            id,
            lang: language,
            value: field.value[language] ?? "",
            autocomplete: "off" as const,
            "aria-invalid": wrong !== undefined,
            "aria-describedby": wrong === undefined ? undefined : `${id}-fault`,
            "data-testid": `field-${id}`,
            onInput: (event: { currentTarget: { value: string } }) => {
              const { [language]: _, ...rest } = field.value;
              const typed = event.currentTarget.value;
              field.set(typed === "" ? rest : { ...rest, [language]: typed });
            },
          };
          return (
            <div class="field" key={language}>
              <label for={id} lang={language}>
                {words(`language-${language}`)}
              </label>
              {lines === undefined ? (
                <input {...shared} type="text" />
              ) : (
                <textarea {...shared} rows={lines} />
              )}
              <Wrong id={`${id}-fault`} text={wrong} />
            </div>
          );
        })}
      </div>
      <MissingLine texts={field.value} optional={optional} />
      <Notes
        name={name}
        field={wrongIn === undefined ? field : { ...field, fault: null }}
        spoken={(value) =>
          LANGUAGES.map((language) => (value as Texts)[language])
            .filter(Boolean)
            .join(" · ")
        }
      />
    </fieldset>
  );
}

function MissingLine({ texts, optional }: { texts: Texts; optional: boolean }) {
  const { say } = useOffice();
  const missing = missingIn(texts);
  if (missing.length === 0 && (optional || !isEmpty(texts))) return null;
  const name = (language: Language) => say(`admin-language-${language}`);
  return (
    <small class="missing">
      <Icon name="info" />
      <span>
        {missing.length === 0
          ? say("admin-texts-none")
          : missing
              .map(({ language, instead }) =>
                say("admin-texts-missing", { language: name(language), instead: name(instead) }),
              )
              .join(" ")}
      </span>
    </small>
  );
}
