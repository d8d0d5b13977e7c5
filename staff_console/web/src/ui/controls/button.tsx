// The one button. An icon has a word beside it; a key that does the same is shown on it.
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useDesk } from "../context";
import { Icon, type IconName } from "./icon";
import { useShortcut } from "./shortcut";

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  readonly icon?: IconName;
  /** The key that does the same; written as it stands on the keyboard. */
  readonly hint?: string | undefined;
  readonly look?: "main" | "plain" | "quiet" | "urgent" | "choice";
  readonly busy?: boolean;
  /** It can do nothing now; the reason stands in the element with this id. */
  readonly idleBecause?: string | undefined;
  /** For a switch: whether it is on. */
  readonly pressed?: boolean;
  /** For a button that opens something: whether it is open. */
  readonly expanded?: boolean;
  readonly focused?: boolean;
  readonly submit?: boolean;
  readonly testid: string;
}

export function Button(props: ButtonProps) {
  const { look = "plain", busy = false } = props;
  const { state } = useDesk();
  const element = useRef<HTMLButtonElement>(null);
  const keys = state.preferences.value.shortcuts;
  const press = () => {
    if (!busy && props.idleBecause === undefined) props.onPress();
  };
  useShortcut(element, props.hint, keys, press);
  const hint = keys ? props.hint : undefined;
  return (
    <button
      ref={element}
      type={props.submit ? "submit" : "button"}
      class={`button button-${look}`}
      data-testid={props.testid}
      aria-disabled={busy || props.idleBecause !== undefined || undefined}
      aria-describedby={props.idleBecause}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-keyshortcuts={hint === undefined ? undefined : ariaKeys(hint)}
      autofocus={props.focused}
      onClick={press}
    >
      {props.icon && <Icon name={props.icon} />}
      <span class="button-word">{props.children}</span>
      {hint !== undefined && <Key>{hint}</Key>}
    </button>
  );
}

/** A key as it is shown. */
export function Key({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it is no control; aria-keyshortcuts says the same
    <kbd class="key" aria-hidden="true">
      {children}
    </kbd>
  );
}

/** `⇧F` as assistive programs want it. */
function ariaKeys(hint: string): string {
  return hint.replace("⇧", "Shift+").replace("↵", "Enter");
}
