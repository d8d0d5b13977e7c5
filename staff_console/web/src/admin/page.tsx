// The page: left the kinds, middle the list, right the form. On a small screen one of them at a time.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AdminView } from "../protocol/messages";
import { useDesk } from "../ui/context";
import { Button } from "../ui/controls/button";
import { Icon } from "../ui/controls/icon";
import { SettingsDialog } from "../ui/settings";
import { CallsPage } from "./calls";
import { Confirm } from "./confirm";
import { problemId, useOffice } from "./context";
import { EntryForm } from "./form";
import { HealthPage } from "./health/page";
import { useRestingKeys } from "./keys";
import { EntryList } from "./list";
import { ActionLog } from "./log";
import { NetworkPage } from "./network";
import { addressOf, isPage, KINDS, kindsOf, may, type Route } from "./rules/kinds";

export function ManagePage() {
  const { state } = useDesk();
  const { say, keeping } = useOffice();
  const view = keeping.view.value;
  const route = keeping.route.value;
  const page = useRef<HTMLDivElement>(null);
  useRestingKeys(state);
  useReturn(page, state.view.value?.visit != null || state.view.value?.close_out != null);
  return (
    <div ref={page} class="manage" data-testid="page-manage" data-depth={depthOf(route)}>
      <Top />
      {view === null ? (
        <Fetching />
      ) : (
        <main class={hasList(route, view) ? "panes" : "panes panes-two"}>
          <Kinds />
          <Panes />
        </main>
      )}
      {keeping.leaving.value !== null && (
        <Confirm
          title={say("admin-leave-title")}
          lead={say("admin-leave-lead")}
          word={say("admin-leave")}
          out={say("admin-leave-stay")}
          urgent
          onNo={keeping.stay}
          onYes={keeping.leave}
        />
      )}
      <span class="unseen" role="status">
        {state.view.value?.visit ? say("admin-in-visit") : ""}
      </span>
    </div>
  );
}

/** The library and the pages stand alone; before anything was chosen, one looks at the kiosks. */
function hasList({ kind }: Route, view: AdminView): boolean {
  return kind === null ? !may(view, KINDS.health.shown) : kind !== "libraries" && !isPage(kind);
}

/** After a conversation one goes on where one was. */
function useReturn(page: RefObject<HTMLElement | null>, away: boolean): void {
  const last = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement) last.current = target;
    };
    const element = page.current;
    element?.addEventListener("focusin", remember);
    return () => element?.removeEventListener("focusin", remember);
  }, [page]);
  useEffect(() => {
    if (!away) last.current?.focus();
  }, [away]);
}

/** How far in one is: what a small screen shows. */
function depthOf({ kind, id }: Route): "kinds" | "list" | "form" {
  if (kind === null) return "kinds";
  return id !== null || kind === "libraries" || isPage(kind) ? "form" : "list";
}

function Top() {
  const { state, words } = useDesk();
  const { say, keeping } = useOffice();
  const { kind, id } = keeping.route.value;
  const [settings, setSettings] = useState(false);
  const hasDesk = state.link.value !== "forbidden";
  const within = id !== null && kind !== "libraries" && (kind === "health" || !isPage(kind));
  const up: Route = { kind: within ? kind : null, id: null };
  return (
    <header class="top">
      {hasDesk ? (
        <a class="button button-quiet manage-desk" href="#desk" data-testid="to-desk">
          <Icon name="arrowLeft" />
          {say("admin-to-desk")}
        </a>
      ) : (
        <p class="top-name">{words("app-name")}</p>
      )}
      <h1 class="manage-title">{say("admin-title")}</h1>
      {hasDesk && state.view.value && (
        <p class="manage-duty" data-testid="manage-duty">
          {say(state.view.value.seat.on_duty ? "admin-duty-on" : "admin-duty-off")}
        </p>
      )}
      <p class="top-who">{state.staff.value?.name}</p>
      <Button look="quiet" icon="settings" testid="settings-open" onPress={() => setSettings(true)}>
        {words("settings")}
      </Button>
      {settings && !state.view.value?.offer && !state.view.value?.visit && (
        <SettingsDialog onClose={() => setSettings(false)} />
      )}
      {kind !== null && (
        <a class="button button-quiet manage-up" href={addressOf(up)} data-testid="up">
          <Icon name="arrowLeft" />
          {say(up.kind === null ? "admin-title" : `admin-kind-${up.kind}`)}
        </a>
      )}
    </header>
  );
}

function Fetching() {
  const { say, keeping } = useOffice();
  const problem = keeping.problem.value;
  return (
    <main class="desk-wait" aria-busy={problem === null}>
      <p role="status">{say(problem === null ? "admin-loading" : problemId(problem.code), problem?.data)}</p>
      {problem && (
        <Button icon="refresh" testid="reload-view" onPress={() => void keeping.load()}>
          {say("admin-again")}
        </Button>
      )}
    </main>
  );
}

function Kinds() {
  const { say, keeping } = useOffice();
  const view = keeping.view.value;
  if (view === null) return null;
  return (
    <nav class="pane kinds" aria-label={say("admin-title")}>
      <p class="kinds-library">{view.library.name}</p>
      <ul>
        {kindsOf(view).map((kind) => (
          <li key={kind}>
            <a
              class="kind"
              href={addressOf({ kind, id: null })}
              aria-current={keeping.route.value.kind === kind ? "page" : undefined}
              data-testid={`kind-${kind}`}
            >
              {say(`admin-kind-${kind}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Panes() {
  const { say, keeping } = useOffice();
  const pane = useRef<HTMLDivElement>(null);
  const view = keeping.view.value;
  const { kind, id } = keeping.route.value;
  const draft = keeping.draft.value;
  // Something else is open: it is read from its beginning.
  useEffect(() => pane.current?.scrollTo(0, 0), [kind, id]);
  if (view === null) return null;
  const health = kind === "health" || (kind === null && may(view, KINDS.health.shown));
  if (health || isPage(kind))
    return (
      <div ref={pane} class="pane form-pane">
        {health && <HealthPage key={id} view={view} kiosk={id} />}
        {kind === "calls" && <CallsPage key={id} view={view} kiosk={id} />}
        {kind === "network" && <NetworkPage view={view} />}
        {kind === "actions" && <ActionLog view={view} />}
      </div>
    );
  return (
    <>
      {kind !== null && kind !== "libraries" && (
        <section class="pane list-pane" aria-labelledby="list-title">
          <EntryList kind={kind} />
        </section>
      )}
      <div ref={pane} class="pane form-pane">
        {kind !== null && draft !== null ? (
          <EntryForm key={`${kind}/${draft.id}`} kind={kind} draft={draft} view={view} />
        ) : (
          <p class="soft form-none">
            {say(kind === null ? "admin-choose-kind" : id === null ? "admin-choose" : "admin-not-there")}
          </p>
        )}
      </div>
    </>
  );
}
