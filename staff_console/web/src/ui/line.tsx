// The line: branch, service, language and the time waited, as colour and number.

import type { LineEntry } from "../protocol/messages";
import { answered, clock, patience, secondsSince, waiting } from "../state/line";
import { useDesk } from "./context";
import { Icon } from "./controls/icon";
import { serviceName } from "./help";

export function LinePanel() {
  const { state, words } = useDesk();
  const view = state.view.value;
  if (view === null) return null;
  const line = waiting(view);
  const calls = answered(view);
  const colleagues = Object.values(view.colleagues).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <section class="panel" data-testid="line">
        <h2>
          {words("line-title")}
          {line.length > 0 && <span class="count">{line.length}</span>}
        </h2>
        {line.length === 0 ? (
          <div class="empty" data-testid="line-empty">
            <p>{words("line-empty")}</p>
          </div>
        ) : (
          <ol class="entries">
            {line.map((entry) => (
              <Waiting key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </section>
      {calls.length > 0 && (
        <section class="panel">
          <h2>{words("line-answered")}</h2>
          <ul class="entries quiet">
            {calls.map((entry) => (
              <li key={entry.id} class="entry-quiet" data-testid="line-call">
                <strong>{entry.branch_name}</strong>
                <span>
                  {entry.seat_name}
                  {entry.state === "held" && `, ${words("line-held")}`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section class="panel" data-testid="colleagues">
        <h2>{words("colleagues-title")}</h2>
        {colleagues.length === 0 ? (
          <p class="soft">{words("colleagues-none")}</p>
        ) : (
          <ul class="entries quiet">
            {colleagues.map((colleague) => {
              const how = !colleague.answerable ? "unreachable" : colleague.busy ? "busy" : "free";
              return (
                <li key={colleague.id} class="entry-quiet">
                  <strong>{colleague.name}</strong>
                  <span class={`how how-${how}`}>{words(`colleague-${how}`)}</span>
                </li>
              );
            })}
          </ul>
        )}
      </section>
    </>
  );
}

function Waiting({ entry }: { entry: LineEntry }) {
  const { state, words } = useDesk();
  const seconds = secondsSince(entry.opened_at, state.nowMs.value);
  const how = patience(seconds);
  const view = state.view.value;
  return (
    <li
      class={`entry wait-${how}`}
      data-testid="line-entry"
      data-visit={entry.id}
      data-state={entry.state}
      data-patience={how}
    >
      <span class="entry-place" aria-hidden="true">
        {entry.place}
      </span>
      <strong>{entry.branch_name}</strong>
      <span class="entry-time time">{clock(seconds)}</span>
      <span class="entry-what">
        <span>
          {view && serviceName(view, entry.service_id, state.preferences.value.language)} ·{" "}
          {words(`language-${entry.language}`)}
        </span>
        <span class="entry-patience">{words(`patience-${how}`)}</span>
      </span>
      {entry.returned && <span class="entry-note">{words("line-returned")}</span>}
      {entry.state === "offered" && (
        <span class="entry-note">
          <Icon name="bell" />
          {words("line-ringing")}
        </span>
      )}
    </li>
  );
}
