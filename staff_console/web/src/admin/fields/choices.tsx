// One of a few or several of a few, each with a sentence that says what it means.
import type { ComponentChildren } from "preact";
import { useField } from "../context";
import { describedBy, Notes } from "./frame";

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly lead?: string;
  readonly lang?: string;
  /** It cannot be chosen or let go by this person. */
  readonly fixed?: boolean;
}

export interface ChoicesProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly options: readonly Option[];
  /** Side by side: short words. */
  readonly wide?: boolean;
  readonly children?: ComponentChildren;
}

/** Exactly one. */
export function RadioField({ name, label, hint, options }: ChoicesProps) {
  const field = useField<string>(name);
  return (
    <fieldset class="choice-field" aria-describedby={describedBy(name, field, hint !== undefined)}>
      <legend>{label}</legend>
      {hint !== undefined && <small id={`${name}-hint`}>{hint}</small>}
      {options.map((option) => (
        <Row
          key={option.value}
          name={name}
          option={option}
          type="radio"
          on={field.value === option.value}
          onChange={() => field.set(option.value)}
        />
      ))}
      <Notes
        name={name}
        field={field}
        spoken={(value) => options.find((option) => option.value === value)?.label ?? String(value)}
      />
    </fieldset>
  );
}

/** Any number, kept in the order of `options`. */
export function ChecksField({ name, label, hint, options, wide = false, children }: ChoicesProps) {
  const field = useField<readonly string[]>(name);
  const toggle = (value: string, on: boolean) => {
    const known = options.map((option) => option.value);
    const rest = field.value.filter((one) => !known.includes(one));
    const chosen = known.filter((one) => (one === value ? on : field.value.includes(one)));
    field.set([...rest, ...chosen]);
  };
  return (
    <fieldset class="choice-field" aria-describedby={describedBy(name, field, hint !== undefined)}>
      <legend>{label}</legend>
      {hint !== undefined && <small id={`${name}-hint`}>{hint}</small>}
      {children}
      <div class={wide ? "choices-wide" : "choices-rows"}>
        {options.map((option) => (
          <Row
            key={option.value}
            name={name}
            option={option}
            type="checkbox"
            on={field.value.includes(option.value)}
            onChange={(on) => toggle(option.value, on)}
          />
        ))}
      </div>
      <Notes
        name={name}
        field={field}
        spoken={(value) =>
          (value as string[])
            .map((one) => options.find((option) => option.value === one)?.label ?? one)
            .join(", ")
        }
      />
    </fieldset>
  );
}

interface RowProps {
  readonly name: string;
  readonly option: Option;
  readonly type: "radio" | "checkbox";
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

function Row({ name, option, type, on, onChange }: RowProps) {
  const lead = option.lead === undefined ? undefined : `${name}-${option.value}-lead`;
  return (
    <label class="choice">
      <input
        type={type}
        name={name}
        checked={on}
        disabled={option.fixed}
        aria-describedby={lead}
        data-testid={`field-${name}-${option.value}`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class="choice-words">
        <span lang={option.lang}>{option.label}</span>
        {lead !== undefined && <small id={lead}>{option.lead}</small>}
      </span>
    </label>
  );
}
