// The line: branch, service, language and the time waited, as colour and number; and a line to who waits.
import { useEffect, useRef, useState } from "preact/hooks";
import type { LineEntry, NotePhrase } from "../protocol/messages";
import { nobodySpeaks } from "../state/colleagues";
import { answered, clock, patience, secondsSince, waiting } from "../state/line";
import { ColleaguesPanel } from "./colleagues";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { serviceName } from "./help";

const PHRASES: readonly NotePhrase[] = ["soon_with_you", "few_minutes", "colleague_comes"];

export function LinePanel() {
  const { state, words } = useDesk();
  const view = state.view.value;
  if (view === null) return null;
  const line = waiting(view);
  const calls = answered(view);
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
              <Answered key={entry.id} entry={entry} />
            ))}
          </ul>
        </section>
      )}
      <ColleaguesPanel />
    </>
  );
}

function Answered({ entry }: { entry: LineEntry }) {
  const { words } = useDesk();
  return (
    <li class="entry-quiet" data-testid="line-call">
      <strong>{entry.branch_name}</strong>
      <span>
        {entry.state === "calling"
          ? words("line-calling", { name: entry.seat_name, ticket: entry.ticket ?? 0 })
          : entry.seat_name}
        {entry.state === "held" && `, ${words("line-held")}`}
      </span>
    </li>
  );
}

function Waiting({ entry }: { entry: LineEntry }) {
  const { state, words } = useDesk();
  const seconds = secondsSince(entry.opened_at, state.nowMs.value);
  const how = patience(seconds);
  const view = state.view.value;
  const language = words(`language-${entry.language}`);
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
          {view && serviceName(view, entry.service_id, state.preferences.value.language)} · {language}
        </span>
        <span class="entry-patience">{words(`patience-${how}`)}</span>
      </span>
      {entry.ticket !== null && (
        <span class="entry-note">
          <Icon name="ticket" />
          {words("line-ticket", { ticket: entry.ticket })}
        </span>
      )}
      {entry.returned && <span class="entry-note">{words("line-returned")}</span>}
      {entry.state === "offered" && (
        <span class="entry-note">
          <Icon name="bell" />
          {words("line-ringing")}
        </span>
      )}
      {entry.nobody && (
        <span class="entry-note" data-testid="line-nobody">
          <Icon name="warning" />
          {words(view && nobodySpeaks(view, entry.language) ? "line-nobody-speaks" : "line-nobody")}
        </span>
      )}
      <Note entry={entry} />
    </li>
  );
}

/** A line to somebody who waits, without opening the call; the kiosk says it in the visitor's language. */
function Note({ entry }: { entry: LineEntry }) {
  const { state, commands, words } = useDesk();
  const [open, setOpen] = useState(false);
  const phrases = useRef<HTMLFieldSetElement>(null);
  useEffect(() => phrases.current?.scrollIntoView({ block: "nearest" }), [open]);
  // Whoever waits for a number to be called has left the kiosk: nobody would read it.
  if (entry.ticket !== null) return null;
  return (
    <div class="entry-more">
      {entry.note !== null && (
        <p class="entry-said" data-testid="line-note">
          <Icon name="check" />
          {words("note-said", { line: words(`note-${entry.note}`) })}
        </p>
      )}
      <Button
        look="quiet"
        icon="messageSquare"
        expanded={open}
        testid={`note-${entry.id}`}
        onPress={() => setOpen(!open)}
      >
        {words("note")}
      </Button>
      {open && (
        <fieldset ref={phrases} class="note-phrases">
          <legend class="unseen">{words("note-to", { branch: entry.branch_name })}</legend>
          {PHRASES.map((phrase) => (
            <Button
              key={phrase}
              busy={state.pending.value.has("visit.note")}
              testid={`note-${entry.id}-${phrase}`}
              onPress={() => {
                setOpen(false);
                commands.note(entry.id, phrase);
              }}
            >
              {words(`note-${phrase}`)}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
