// The page's values and what can be done to them: where one is, what is typed, and what the server said to it.
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { AdminView } from "../protocol/messages";
import type { AdminApi, Problem } from "./api";
import { changed, type Draft, isDirty, merged, only, rebased, type Values } from "./rules/draft";
import { spanFaults, type Week, weekIsRight } from "./rules/hours";
import { type FormKind, freshValues, isPage, KINDS, keptOf, kindsOf, NEW, type Route } from "./rules/kinds";

/** Somebody else saved this while it was open. */
export interface Conflict {
  /** Who; empty: it is not known. */
  readonly who: string;
  /** It is not there any more. */
  readonly gone: boolean;
  /** Fields that both changed. */
  readonly clashes: readonly string[];
}

/** Shown once, and never again. */
export interface Secret {
  readonly kind: "code" | "password";
  readonly text: string;
  readonly name: string;
  /** Until when a code works. */
  readonly expiresAt: string | null;
}

export interface Keeping {
  /** Null until it was fetched. */
  readonly view: ReadonlySignal<AdminView | null>;
  readonly route: ReadonlySignal<Route>;
  readonly draft: ReadonlySignal<Draft | null>;
  readonly dirty: ReadonlySignal<boolean>;
  /** What is being done, by name; empty: nothing. */
  readonly busy: ReadonlySignal<string>;
  /** The form is kept as it stands, since the last save. */
  readonly saved: ReadonlySignal<boolean>;
  readonly problem: ReadonlySignal<Problem | null>;
  readonly conflict: ReadonlySignal<Conflict | null>;
  readonly secret: ReadonlySignal<Secret | null>;
  /** Where one wants to go while something is typed; null: nothing is asked. */
  readonly leaving: ReadonlySignal<Route | null>;

  /** Fetch the view; with nothing typed the form shows what is kept now. */
  load(): Promise<void>;
  /** Go there; with something typed it is asked first. */
  go(route: Route): void;
  stay(): void;
  leave(): void;
  set(field: string, value: unknown): void;
  /** Put back what is kept. */
  reset(): void;
  save(): Promise<void>;
  /** Save these fields alone, over what is kept, and leave the rest typed. */
  saveOnly(changes: Values): Promise<void>;
  remove(): Promise<void>;
  newCode(): Promise<void>;
  revoke(): Promise<void>;
  newPassword(): Promise<void>;
  setDisabled(disabled: boolean): Promise<void>;
  putAwaySecret(): void;
  /** Somebody else sits here now. */
  forget(): void;
}

export interface KeepingDeps {
  readonly api: AdminApi;
  /** The library's day, as a form has it. */
  readonly today: (zone: string) => string;
  /** Somewhere else now: the address follows. */
  readonly moved: (route: Route) => void;
}

export function createKeeping({ api, today, moved }: KeepingDeps): Keeping {
  const view = signal<AdminView | null>(null);
  const route = signal<Route>({ kind: null, id: null });
  const draft = signal<Draft | null>(null);
  const busy = signal("");
  const saved = signal(false);
  const problem = signal<Problem | null>(null);
  const conflict = signal<Conflict | null>(null);
  const secret = signal<Secret | null>(null);
  const leaving = signal<Route | null>(null);
  const dirty = computed(() => isDirty(draft.value));

  const formKind = (): FormKind | null => {
    const kind = route.value.kind;
    return kind === null || isPage(kind) ? null : kind;
  };
  const kept = (id: string | null) => {
    const kind = formKind();
    return view.value === null || kind === null
      ? undefined
      : keptOf(view.value, kind).find((one) => one.id === id);
  };
  const titled = () => String(draft.value?.values.name ?? "");

  /** The form of where one is, as it is kept. */
  function fill(): void {
    problem.value = conflict.value = null;
    const kind = formKind();
    const id = kind === "libraries" ? (view.value?.library.id ?? null) : route.value.id;
    draft.value = null;
    if (view.value === null || kind === null || id === null) return;
    if (id === NEW) {
      const values = freshValues(view.value, kind, today(view.value.library.time_zone));
      draft.value = { id: null, base: values, revision: "", values };
      return;
    }
    const one = kept(id);
    if (one === undefined) return;
    const values = only(KINDS[kind].fields, one);
    draft.value = { id, base: values, revision: one.revision, values };
  }

  async function fetchView(): Promise<void> {
    view.value = await api.view();
  }

  function arrive(to: Route): void {
    leaving.value = null;
    const known = view.value === null || to.kind === null || kindsOf(view.value).includes(to.kind);
    route.value = known ? to : { kind: null, id: null };
    saved.value = false;
    fill();
    moved(route.value);
  }

  /** One request; what it is refused with is shown. True: it was done. */
  async function attempt(name: string, act: () => Promise<void>): Promise<boolean> {
    if (busy.value !== "") return false;
    busy.value = name;
    saved.value = false;
    problem.value = null;
    try {
      await act();
      return true;
    } catch (error) {
      const found = api.problem(error);
      if (found.code === "changed" || (found.code === "not_found" && name === "save")) await collide();
      else problem.value = found;
      return false;
    } finally {
      busy.value = "";
    }
  }

  /** Somebody else was there: fetch what is kept now, and put it under what is typed. */
  async function collide(): Promise<void> {
    const [kind, before] = [formKind(), draft.value];
    if (kind === null || before === null) return;
    try {
      await fetchView();
    } catch (error) {
      problem.value = api.problem(error);
      return;
    }
    const theirs = kept(before.id);
    const who = await lastActor(before.id ?? "");
    if (theirs === undefined) {
      conflict.value = { who, gone: true, clashes: [] };
      return;
    }
    const found = merged(before, only(KINDS[kind].fields, theirs), theirs.revision);
    draft.value = found.draft;
    conflict.value = { who, gone: false, clashes: found.clashes };
  }

  /** Who changed it last, if this person may read the log. */
  async function lastActor(id: string): Promise<string> {
    if (view.value?.allowed.view_actions !== true) return "";
    try {
      const { entries } = await api.actions(null);
      return entries.find((entry) => entry.subject_id === id)?.actor_name ?? "";
    } catch (error) {
      // The name is a kindness; without it "somebody" is said.
      api.problem(error);
      return "";
    }
  }

  /** A form whose times are not times yet is not sent: the faults stand beside them. */
  function timesAreRight({ hours, spans }: Values): boolean {
    const week = (hours as { week: Week } | null | undefined)?.week ?? [];
    const day = spanFaults((spans as Week[number] | undefined) ?? []);
    return weekIsRight(week) && day.every((fault) => fault === null);
  }

  async function save(): Promise<void> {
    const [kind, sent] = [formKind(), draft.value];
    if (kind === null || sent === null) return;
    const unread = Object.keys(sent.values).find((field) => Number.isNaN(sent.values[field]));
    if (unread !== undefined) {
      problem.value = { code: "wrong", field: unread, data: {} };
      return;
    }
    if (!timesAreRight(sent.values)) {
      problem.value = { code: "overlap", field: "", data: {} };
      return;
    }
    const done = await attempt("save", async () => {
      if (sent.id !== null) {
        await api.replace(kind, sent.id, sent.revision, sent.values);
        await fetchView();
        conflict.value = null;
        const now = kept(sent.id);
        // What was typed while it was being saved stays typed.
        if (now !== undefined && draft.value !== null)
          draft.value = merged(
            { ...draft.value, base: sent.values },
            only(KINDS[kind].fields, now),
            now.revision,
          ).draft;
        return;
      }
      const added = await api.add(kind, sent.values);
      draft.value = { ...sent, base: sent.values };
      if (added.code !== undefined) showCode(added.code, added.expires_at ?? null);
      if (added.password !== undefined) showPassword(added.password);
      await fetchView();
      arrive({ kind, id: added.id ?? added.kiosk_id ?? added.staff_id ?? null });
    });
    saved.value = done;
  }

  /** An action on what is open, and then the view anew. */
  const act = (name: string, request: (id: string) => Promise<void>) =>
    attempt(name, async () => {
      const id = draft.value?.id;
      if (id == null) return;
      await request(id);
      await fetchView();
    });

  function showCode(text: string, expiresAt: string | null): void {
    secret.value = { kind: "code", text, name: titled(), expiresAt };
  }
  function showPassword(text: string): void {
    secret.value = { kind: "password", text, name: titled(), expiresAt: null };
  }

  return {
    view,
    route,
    draft,
    dirty,
    busy,
    saved,
    problem,
    conflict,
    secret,
    leaving,

    async load() {
      const done = await attempt("load", fetchView);
      if (done && !dirty.value) arrive(route.value);
    },
    go(to) {
      if (to.kind === route.value.kind && to.id === route.value.id) return;
      if (dirty.value) {
        leaving.value = to;
        moved(route.value);
        return;
      }
      secret.value = null;
      arrive(to);
    },
    stay() {
      leaving.value = null;
    },
    leave() {
      secret.value = null;
      if (leaving.value !== null) arrive(leaving.value);
    },
    set(field, value) {
      saved.value = false;
      if (draft.value !== null)
        draft.value = { ...draft.value, values: { ...draft.value.values, [field]: value } };
    },
    reset() {
      saved.value = false;
      fill();
    },
    save,
    async saveOnly(changes) {
      const [kind, before] = [formKind(), draft.value];
      if (kind === null || before === null || before.id === null) return;
      const id = before.id;
      saved.value = await attempt("saveOnly", async () => {
        await api.replace(kind, id, before.revision, { ...before.base, ...changes });
        await fetchView();
        const now = kept(id);
        if (now !== undefined && draft.value !== null)
          draft.value = rebased(
            draft.value,
            only(KINDS[kind].fields, now),
            now.revision,
            changed(before.base, changes),
          );
      });
    },
    async remove() {
      const [kind, open] = [formKind(), draft.value];
      if (kind === null || open === null || open.id === null) return;
      const id = open.id;
      await attempt("remove", async () => {
        await api.remove(kind, id, open.revision);
        draft.value = null;
        await fetchView();
        arrive({ kind, id: null });
      });
    },
    async newCode() {
      await act("code", async (id) => {
        const made = await api.code(id);
        showCode(made.code, made.expires_at);
      });
    },
    async revoke() {
      await act("revoke", (id) => api.revoke(id));
    },
    async newPassword() {
      await act("password", async (id) => showPassword((await api.password(id)).password));
    },
    async setDisabled(disabled) {
      await act("disable", (id) => api.setDisabled(id, disabled));
    },
    putAwaySecret() {
      secret.value = null;
    },
    forget() {
      draft.value = view.value = secret.value = null;
      void this.load();
    },
  };
}
