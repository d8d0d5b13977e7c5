// One line, several lines, a number, one of many, on or off.
import { Switch } from "../../ui/controls/switch";
import { useField } from "../context";
import { describedBy, Notes } from "./frame";

interface Named {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

export interface TextFieldProps extends Named {
  readonly type?: "text" | "tel" | "email" | "date";
  readonly lines?: number;
  readonly fixed?: boolean;
  readonly required?: boolean;
}

export function TextField({ name, label, hint, type = "text", lines, fixed, required }: TextFieldProps) {
  const field = useField<string>(name);
  // Preact's types know each kind of input by itself, and ours is one of four.
  const kind = { type } as { type: "text" };
  const shared = {
    id: name,
    value: field.value,
    readOnly: fixed === true,
    autocomplete: "off" as const,
    "aria-required": required === true,
    "aria-invalid": field.fault !== null,
    "aria-describedby": describedBy(name, field, hint !== undefined),
    "data-testid": `field-${name}`,
  };
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {lines === undefined ? (
        <input {...shared} {...kind} onInput={(event) => field.set(event.currentTarget.value)} />
      ) : (
        <textarea {...shared} rows={lines} onInput={(event) => field.set(event.currentTarget.value)} />
      )}
      <Notes name={name} field={field} hint={hint} />
    </div>
  );
}

export interface NumberFieldProps extends Named {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Empty is a value of its own: null. */
  readonly optional?: boolean;
}

export function NumberField({ name, label, hint, unit, min, max, optional }: NumberFieldProps) {
  const field = useField<number | null>(name);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <div class="with-unit">
        <input
          id={name}
          type="number"
          inputMode="numeric"
          min={min}
          max={max}
          value={field.value === null || Number.isNaN(field.value) ? "" : field.value}
          aria-invalid={field.fault !== null}
          aria-describedby={describedBy(name, field, hint !== undefined)}
          data-testid={`field-${name}`}
          onInput={(event) => {
            const typed = event.currentTarget.value;
            field.set(typed === "" ? (optional ? null : Number.NaN) : Number(typed));
          }}
        />
        {unit !== "" && <span>{unit}</span>}
      </div>
      <Notes name={name} field={field} hint={hint} />
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

export interface SelectFieldProps extends Named {
  readonly choices: readonly Choice[];
  readonly fixed?: boolean;
  /** The choice that stands for null. */
  readonly none?: string;
}

export function SelectField({ name, label, hint, choices, fixed = false, none }: SelectFieldProps) {
  const field = useField<string | null>(name);
  const groups = [...new Set(choices.map(({ group }) => group))];
  const options = (group: string | undefined) =>
    choices
      .filter((choice) => choice.group === group)
      .map(({ value, label: word }) => (
        <option key={value} value={value}>
          {word}
        </option>
      ));
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select
        id={name}
        value={field.value ?? ""}
        disabled={fixed}
        aria-invalid={field.fault !== null}
        aria-describedby={describedBy(name, field, hint !== undefined)}
        data-testid={`field-${name}`}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          field.set(none !== undefined && chosen === "" ? null : chosen);
        }}
      >
        {none !== undefined && <option value="">{none}</option>}
        {groups.map((group) =>
          group === undefined ? (
            options(group)
          ) : (
            <optgroup key={group} label={group}>
              {options(group)}
            </optgroup>
          ),
        )}
      </select>
      <Notes
        name={name}
        field={field}
        hint={hint}
        spoken={(value) => choices.find((choice) => choice.value === value)?.label ?? none ?? String(value)}
      />
    </div>
  );
}

export function SwitchField({ name, label, hint }: Named) {
  const field = useField<boolean>(name);
  return (
    <div class="field">
      <Switch on={field.value} testid={`field-${name}`} onChange={field.set}>
        {label}
      </Switch>
      <Notes name={name} field={field} hint={hint} />
    </div>
  );
}
