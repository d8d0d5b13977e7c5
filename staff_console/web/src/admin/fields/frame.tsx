// What stands around every field: its name, a word of explanation, what is wrong, and what somebody else put there.
import type { ComponentChildren } from "preact";
import { Icon } from "../../ui/controls/icon";
import { type Remarks, useOffice } from "../context";

/** Ids of what describes a field, for `aria-describedby`. */
export function describedBy(name: string, field: Remarks, hint: boolean): string | undefined {
  const ids = [
    hint && `${name}-hint`,
    field.fault !== null && `${name}-fault`,
    field.theirs !== null && `${name}-theirs`,
  ].filter((id) => id !== false);
  return ids.length > 0 ? ids.join(" ") : undefined;
}

export interface NotesProps {
  readonly name: string;
  readonly field: Remarks;
  readonly hint?: ComponentChildren;
  /** What is kept, in words. */
  readonly spoken?: (value: unknown) => string;
}

/** The lines below a field. */
export function Notes({ name, field, hint, spoken = String }: NotesProps) {
  const { say } = useOffice();
  return (
    <>
      {hint !== undefined && <small id={`${name}-hint`}>{hint}</small>}
      <Wrong id={`${name}-fault`} text={field.fault?.text} />
      {field.theirs !== null && (
        <small id={`${name}-theirs`} class="theirs" data-testid={`theirs-${name}`}>
          {say("admin-theirs", { value: spoken(field.theirs.value) || say("admin-nothing") })}
        </small>
      )}
    </>
  );
}

/** What is wrong, beside what it is about. */
export function Wrong({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p id={id} class="wrong" data-testid={id}>
      <Icon name="warning" />
      {text}
    </p>
  );
}
