// Who changed what, and when: newest first, fifty at a time.
import type { ActionRow, AdminView } from "../protocol/messages";
import { useDesk } from "../ui/context";
import { useOffice } from "./context";
import { OlderFoot, useOlder } from "./older";
import { momentText } from "./rules/days";
import { namesOf, spokenField } from "./rules/log";

export function ActionLog({ view }: { view: AdminView }) {
  const { say, api } = useOffice();
  const list = useOlder<ActionRow>(api.actions);
  const names = namesOf(view);
  return (
    <section class="log" aria-labelledby="log-title" aria-busy={list.busy} data-testid="log">
      <h2 id="log-title">{say("admin-kind-actions")}</h2>
      <p class="soft">{say("admin-kind-actions-lead")}</p>
      <ol class="log-rows">
        {list.rows.map((row) => (
          <LogRow
            key={row.id}
            row={row}
            name={names.get(row.subject_id) ?? ""}
            zone={view.library.time_zone}
          />
        ))}
      </ol>
      {list.none && <p>{say("admin-log-none")}</p>}
      <OlderFoot list={list} testid="log-more" />
    </section>
  );
}

function LogRow({ row, name, zone }: { row: ActionRow; name: string; zone: string }) {
  const { state, words } = useDesk();
  const { say } = useOffice();
  const { name: named, removed, login, ...rest } = row.details;
  const details = Object.entries(rest);
  const subject = removed ?? (name || named || login || "");
  return (
    <li class="log-row" data-testid="log-row">
      <time class="soft" dateTime={row.at}>
        {momentText(row.at, zone, state.preferences.value.language)}
      </time>
      <p>
        <strong>{row.actor_name || say("admin-log-command")}</strong> {say(`admin-did-${row.action}`)}
        {subject !== "" && (
          <>
            {" "}
            <strong>{subject}</strong>
          </>
        )}
      </p>
      {details.length > 0 && (
        <dl class="log-details">
          {details.map(([field, value]) => (
            <div key={field}>
              <dt>{say(`admin-field-${field}`)}</dt>
              <dd>{spokenField(field, value, say, (language) => words(`language-${language}`))}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
