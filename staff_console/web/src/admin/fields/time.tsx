// A time of the day as people type it (8, 830, 8.30), put right when one leaves it.
import { useState } from "preact/hooks";
import { useField } from "../context";
import { clockOf, minutesOf } from "../rules/hours";
import { describedBy, Notes } from "./frame";

export interface TimeInputProps {
  readonly id?: string;
  readonly minutes: number;
  /** Its name, where no label stands beside it. */
  readonly label?: string;
  readonly testid: string;
  readonly wrong: boolean;
  readonly describedBy?: string | undefined;
  readonly onChange: (minutes: number) => void;
}

/** Minutes of the local day; NaN while it is no time. */
export function TimeInput(props: TimeInputProps) {
  const { minutes, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      id={props.id}
      class="time-input time"
      type="text"
      inputMode="decimal"
      autocomplete="off"
      maxLength={5}
      value={typed ?? clockOf(minutes)}
      placeholder="00.00"
      aria-label={props.label}
      aria-invalid={props.wrong}
      aria-describedby={props.describedBy}
      data-testid={props.testid}
      onFocus={(event) => event.currentTarget.select()}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
        onChange(minutesOf(event.currentTarget.value));
      }}
      onBlur={() => {
        // What is no time stays as it was typed, so that it can be put right.
        if (!Number.isNaN(minutes)) setTyped(null);
      }}
    />
  );
}

/** One time of the day in a form. */
export function TimeField({ name, label, hint }: { name: string; label: string; hint?: string }) {
  const field = useField<number>(name);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <TimeInput
        id={name}
        minutes={field.value}
        testid={`field-${name}`}
        wrong={field.fault !== null || Number.isNaN(field.value)}
        describedBy={describedBy(name, field, hint !== undefined)}
        onChange={field.set}
      />
      <Notes name={name} field={field} hint={hint} spoken={(value) => clockOf(value as number)} />
    </div>
  );
}
