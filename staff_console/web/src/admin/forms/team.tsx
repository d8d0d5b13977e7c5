// A team: a name, and the people who answer together; also neighbours' people of the same line.
import { useState } from "preact/hooks";
import type { AdminView } from "../../protocol/messages";
import { useField, useOffice } from "../context";
import { ChecksField } from "../fields/choices";
import { TextField } from "../fields/plain";

/** So many people are found by looking; more by typing. */
const AT_A_GLANCE = 12;

export function TeamFields({ view }: { view: AdminView }) {
  const { say } = useOffice();
  const members = useField<readonly string[]>("members");
  const [sought, setSought] = useState("");
  const libraries = new Map(view.neighbours.map(({ id, name }) => [id, name]));
  const all = view.people.map(({ id, name, library_id }) => ({
    value: id,
    label: name,
    ...(libraries.has(library_id) ? { lead: libraries.get(library_id) ?? "" } : {}),
  }));
  const found = all.filter(({ label }) => label.toLocaleLowerCase().includes(sought.toLocaleLowerCase()));
  return (
    <>
      <TextField name="name" label={say("admin-name")} hint={say("admin-team-name-hint")} required />
      <ChecksField
        name="members"
        label={say("admin-team-members", { count: members.value.length })}
        hint={say("admin-team-members-hint")}
        options={found}
      >
        {all.length > AT_A_GLANCE && (
          <div class="field">
            <label for="member-sought">{say("admin-team-find")}</label>
            <input
              id="member-sought"
              type="search"
              value={sought}
              onInput={(event) => setSought(event.currentTarget.value)}
            />
          </div>
        )}
      </ChecksField>
      {all.length === 0 && <p class="soft">{say("admin-team-nobody")}</p>}
    </>
  );
}
