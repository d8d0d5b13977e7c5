// What is kept of one kind, by name, and the way to a new one.
import { useState } from "preact/hooks";
import { useDesk } from "../ui/context";
import { Icon } from "../ui/controls/icon";
import { useOffice } from "./context";
import { todayIn } from "./rules/days";
import { type Entry, entriesOf, grouped, type Said } from "./rules/entries";
import { addressOf, type FormKind, KINDS, may, NEW } from "./rules/kinds";

/** So many are found by looking; more by typing. */
const AT_A_GLANCE = 10;

export function EntryList({ kind }: { kind: FormKind }) {
  const { state } = useDesk();
  const { say, keeping } = useOffice();
  const [sought, setSought] = useState("");
  const view = keeping.view.value;
  if (view === null) return null;
  const language = state.preferences.value.language;
  const entries = entriesOf(view, kind, language, todayIn(view.library.time_zone, state.nowMs.value));
  const found = entries.filter(({ title }) => title.toLocaleLowerCase().includes(sought.toLocaleLowerCase()));
  const mayAdd = may(view, KINDS[kind].add) && hasRoom(kind, view.branches.length);
  return (
    <>
      <h2 id="list-title">{say(`admin-kind-${kind}`)}</h2>
      <p class="soft">{say(`admin-kind-${kind}-lead`)}</p>
      {mayAdd && (
        <a class="button" href={addressOf({ kind, id: NEW })} data-testid="add">
          <Icon name="plus" />
          {say(`admin-add-${kind}`)}
        </a>
      )}
      {entries.length > AT_A_GLANCE && (
        <div class="field">
          <label for="sought">{say("admin-find")}</label>
          <input
            id="sought"
            type="search"
            value={sought}
            onInput={(event) => setSought(event.currentTarget.value)}
          />
        </div>
      )}
      {entries.length === 0 && <p class="soft empty">{say(`admin-none-${kind}`)}</p>}
      {grouped(found).map(([group, members]) => (
        <Group key={String(group)} kind={kind} group={group} entries={members} />
      ))}
    </>
  );
}

/** A kiosk, a card of a branch and a day need a branch first. */
function hasRoom(kind: FormKind, branches: number): boolean {
  return kind !== "kiosks" || branches > 0;
}

function Group({
  kind,
  group,
  entries,
}: {
  kind: FormKind;
  group: Entry["group"];
  entries: readonly Entry[];
}) {
  const { say } = useOffice();
  const name = typeof group === "string" ? group : say(...group);
  return (
    <section class="thing-group">
      {name !== "" && <h3>{name}</h3>}
      <ul class="things">
        {entries.map((one) => (
          <Row key={one.id} kind={kind} entry={one} />
        ))}
      </ul>
    </section>
  );
}

function Row({ kind, entry }: { kind: FormKind; entry: Entry }) {
  const { say, keeping } = useOffice();
  const words = (part: string | Said) => (typeof part === "string" ? part : say(part[0], part[1]));
  const open = keeping.route.value.id === entry.id;
  const below = entry.below.map(words).filter((part) => part !== "");
  return (
    <li>
      <a
        class={entry.over ? "thing thing-over" : "thing"}
        href={addressOf({ kind, id: entry.id })}
        aria-current={open ? "page" : undefined}
        data-testid={`entry-${entry.id}`}
      >
        <span class="thing-title">{entry.title || say("admin-unnamed")}</span>
        {entry.mark && <span class="mark">{words(entry.mark)}</span>}
        {below.length > 0 && <span class="thing-below">{below.join(" · ")}</span>}
      </a>
    </li>
  );
}
