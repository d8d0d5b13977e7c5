// One text in each language, side by side, and which are missing: the kiosk then shows another language's.
import { useEffect, useRef } from "preact/hooks";
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
  const field = useField<Texts>(name);
  const wrongIn = LANGUAGES.find((language) => field.fault?.at.split(".")[0] === language);
  return (
    <fieldset class="texts-field">
      <legend>{label}</legend>
      {hint !== undefined && <small id={`${name}-lead`}>{hint}</small>}
      <TextBoxes
        name={name}
        texts={field.value}
        {...(lines === undefined ? {} : { lines })}
        wrong={wrongIn === undefined ? null : { language: wrongIn, text: field.fault?.text ?? "" }}
        onChange={field.set}
      />
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

export interface TextBoxesProps {
  readonly name: string;
  readonly texts: Texts;
  /** One line without it. */
  readonly lines?: number;
  readonly wrong?: { readonly language: Language; readonly text: string } | null;
  /** The first one has the focus from the start. */
  readonly focused?: boolean;
  readonly onChange: (texts: Texts) => void;
}

/** A box for each language. */
export function TextBoxes({ name, texts, lines, wrong = null, focused = false, onChange }: TextBoxesProps) {
  const { words } = useDesk();
  const boxes = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focused) boxes.current?.querySelector<HTMLElement>("input, textarea")?.focus();
  }, [focused]);
  return (
    <div ref={boxes} class="texts">
      {LANGUAGES.map((language) => {
        const id = `${name}-${language}`;
        const fault = wrong?.language === language ? wrong.text : undefined;
        const shared = {
          id,
          lang: language,
          value: texts[language] ?? "",
          autocomplete: "off" as const,
          "aria-invalid": fault !== undefined,
          "aria-describedby": fault === undefined ? undefined : `${id}-fault`,
          "data-testid": `field-${id}`,
          onInput: (event: { currentTarget: { value: string } }) => {
            const { [language]: _, ...rest } = texts;
            const typed = event.currentTarget.value;
            onChange(typed === "" ? rest : { ...rest, [language]: typed });
          },
        };
        return (
          <div class="field" key={language}>
            <label for={id} lang={language}>
              {words(`language-${language}`)}
            </label>
            {lines === undefined ? <input {...shared} type="text" /> : <textarea {...shared} rows={lines} />}
            <Wrong id={`${id}-fault`} text={fault} />
          </div>
        );
      })}
    </div>
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
