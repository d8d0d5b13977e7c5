// Something that is on or off, with its sentence.
import type { ComponentChildren } from "preact";

export interface SwitchProps {
  readonly on: boolean;
  readonly children: ComponentChildren;
  readonly onChange: (on: boolean) => void;
  readonly testid: string;
}

export function Switch({ on, children, onChange, testid }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={on}
        aria-checked={on}
        data-testid={testid}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          // It shows what is so: it moves when that has changed, and stays when nothing comes of it.
          event.currentTarget.checked = on;
          onChange(wanted);
        }}
      />
      <span class="switch-track" aria-hidden="true" />
      <span>{children}</span>
    </label>
  );
}
