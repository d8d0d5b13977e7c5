// Who changed what, and when: newest first, fifty at a time.
import { useEffect, useState } from "preact/hooks";
import type { ActionRow, AdminView } from "../protocol/messages";
import { useDesk } from "../ui/context";
import { Button } from "../ui/controls/button";
import type { Problem } from "./api";
import { problemId, useOffice } from "./context";
import { momentText } from "./rules/days";
import { namesOf, spokenField } from "./rules/log";

export function ActionLog({ view }: { view: AdminView }) {
  const { say, api } = useOffice();
  const [rows, setRows] = useState<readonly ActionRow[]>([]);
  /** Older than this is next; null: nothing is older. */
  const [before, setBefore] = useState<string | null>(null);
  const [busy, setBusy] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);

  const load = async (from: string | null) => {
    setBusy(true);
    setProblem(null);
    try {
      const page = await api.actions(from);
      setRows((known) => (from === null ? page.entries : [...known, ...page.entries]));
      setBefore(page.next_before);
    } catch (error) {
      setProblem(api.problem(error));
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => void load(null), []);

  const names = namesOf(view);
  return (
    <section class="log" aria-labelledby="log-title" aria-busy={busy} data-testid="log">
      <h2 id="log-title">{say("admin-kind-actions")}</h2>
      <p class="soft">{say("admin-kind-actions-lead")}</p>
      <ol class="log-rows">
        {rows.map((row) => (
          <LogRow
            key={row.id}
            row={row}
            name={names.get(row.subject_id) ?? ""}
            zone={view.library.time_zone}
          />
        ))}
      </ol>
      {rows.length === 0 && !busy && problem === null && <p>{say("admin-log-none")}</p>}
      {problem && (
        <p class="wrong" role="alert">
          {say(problemId(problem.code), problem.data)}
        </p>
      )}
      {(before !== null || busy || problem) && (
        <Button
          busy={busy}
          testid="log-more"
          onPress={() => void load(problem && rows.length === 0 ? null : before)}
        >
          {say(busy ? "admin-loading" : "admin-log-more")}
        </Button>
      )}
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
