// One day with other hours: closed, or open at other times, with a text for visitors.
import type { AdminView, SpanForm } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Segments } from "../../ui/controls/segments";
import { useField, useOffice } from "../context";
import { Wrong } from "../fields/frame";
import { Spans } from "../fields/hours";
import { SelectField, TextField } from "../fields/plain";
import { TextsField } from "../fields/texts";
import { withSpan } from "../rules/hours";
import { textIn } from "../rules/texts";

export function ExceptionFields({ view }: { view: AdminView }) {
  const { state } = useDesk();
  const { say, keeping } = useOffice();
  const spans = useField<readonly SpanForm[]>("spans");
  const fixed = keeping.draft.value?.id !== null;
  const language = state.preferences.value.language;
  const choices = [
    ...(view.allowed.edit_branch_exception
      ? view.branches.map(({ id, name }) => ({ value: id, label: name, group: say("admin-kind-branches") }))
      : []),
    ...(view.allowed.edit_service_exception
      ? view.services.map(({ id, names }) => ({
          value: id,
          label: textIn(names, language),
          group: say("admin-kind-services"),
        }))
      : []),
  ];
  return (
    <>
      <div class="pair">
        <SelectField
          name="subject_id"
          label={say("admin-exception-subject")}
          choices={choices}
          fixed={fixed}
        />
        <TextField name="day" label={say("admin-exception-day")} type="date" fixed={fixed} required />
      </div>
      {fixed && <p class="soft">{say("admin-exception-fixed")}</p>}
      <Segments
        label={say("admin-exception-that-day")}
        values={["closed", "open"] as const}
        chosen={spans.value.length === 0 ? "closed" : "open"}
        word={(value) => say(`admin-exception-${value}`)}
        onChoose={(value) =>
          spans.set(value === "closed" ? [] : spans.value.length > 0 ? spans.value : withSpan([]))
        }
        testid="exception"
      />
      {spans.value.length > 0 && (
        <Spans
          spans={spans.value}
          where={say("admin-exception-that-day")}
          testid="spans"
          onChange={spans.set}
        />
      )}
      <Wrong id="spans-wrong" text={spans.fault?.text} />
      <TextsField
        name="texts"
        label={say("admin-exception-texts")}
        hint={say("admin-exception-texts-hint")}
        optional
      />
    </>
  );
}
