// What stands in the list of each kind: a name, a line below it, and a word where something needs saying.
import type { AdminView, Language } from "../../protocol/messages";
import { dayText } from "./days";
import { spansText } from "./hours";
import type { FormKind } from "./kinds";
import { textIn } from "./texts";

/** A sentence to be said, with its values. */
export type Said = readonly [id: string, values?: Record<string, string | number>];

export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly below: readonly (string | Said)[];
  /** A word in amber: it is closed, switched off, waiting. */
  readonly mark: Said | null;
  /** Below which heading it stands; empty: none. */
  readonly group: string | Said;
  /** Past or out of use: it stands last, and softer. */
  readonly over: boolean;
}

const entry = (id: string, title: string, more: Partial<Entry>): Entry => ({
  id,
  title,
  below: [],
  mark: null,
  group: "",
  over: false,
  ...more,
});

/** In the order in which they are shown. `today` is the library's day. */
export function entriesOf(view: AdminView, kind: FormKind, language: Language, today: string): Entry[] {
  const branches = new Map(view.branches.map(({ id, name }) => [id, name]));
  const byTitle = (one: Entry, other: Entry) => one.title.localeCompare(other.title, language);
  switch (kind) {
    case "libraries":
      return [entry(view.library.id, view.library.name, {})];
    case "branches":
      return view.branches
        .map(({ id, name, phone, closed }) =>
          entry(id, name, {
            below: [
              phone,
              [
                "admin-entry-kiosks",
                { count: view.kiosks.filter((k) => k.branch_id === id && k.enrolment !== "revoked").length },
              ],
            ],
            mark: closed ? ["admin-entry-closed"] : null,
          }),
        )
        .sort(byTitle);
    case "services":
      return view.services
        .map(({ id, names, languages, hours }) =>
          entry(id, textIn(names, language), {
            below: [languages.join(" · "), [hours === null ? "admin-entry-always" : "admin-entry-hours"]],
          }),
        )
        .sort(byTitle);
    case "teams":
      return view.teams
        .map(({ id, name, members }) =>
          entry(id, name, {
            below: [["admin-entry-members", { count: members.length }]],
            mark: members.length === 0 ? ["admin-entry-empty"] : null,
          }),
        )
        .sort(byTitle);
    case "exceptions":
      return exceptions(view, language, today, branches);
    case "cards":
      return view.cards
        .map(({ id, titles, branch_id, position }) => ({
          position,
          entry: entry(id, textIn(titles, language), {
            group: branch_id === null ? ["admin-card-everywhere"] : (branches.get(branch_id) ?? ""),
          }),
        }))
        .sort((one, other) => one.position - other.position)
        .map((one) => one.entry);
    case "staff":
      return view.staff
        .map(({ id, name, login, roles, disabled, must_change_password }) =>
          entry(id, name, {
            below: [login, ...roles.map((role): Said => [`admin-role-${role}`])],
            mark: disabled ? ["admin-entry-disabled"] : must_change_password ? ["admin-entry-new"] : null,
            over: disabled,
          }),
        )
        .sort((one, other) => Number(one.over) - Number(other.over) || byTitle(one, other));
    case "kiosks":
      return view.kiosks
        .map(({ id, name, branch_id, enrolment }) =>
          entry(id, name, {
            group: branches.get(branch_id) ?? "",
            mark: enrolment === "enrolled" ? null : [`admin-kiosk-${enrolment}`],
            over: enrolment === "revoked",
          }),
        )
        .sort((one, other) => Number(one.over) - Number(other.over) || byTitle(one, other));
  }
}

/** Coming days first, those that are over last. */
function exceptions(
  view: AdminView,
  language: Language,
  today: string,
  branches: Map<string, string>,
): Entry[] {
  const services = new Map(view.services.map(({ id, names }) => [id, textIn(names, language)]));
  return view.exceptions
    .filter(({ subject_id }) =>
      branches.has(subject_id) ? view.allowed.edit_branch_exception : view.allowed.edit_service_exception,
    )
    .map(({ id, subject_id, day, spans }) => ({
      day,
      entry: entry(id, dayText(day, language), {
        below: [
          branches.get(subject_id) ?? services.get(subject_id) ?? "",
          spans.length === 0 ? ["admin-hours-closed"] : spansText(spans),
        ],
        over: day < today,
      }),
    }))
    .sort(
      (one, other) => Number(one.entry.over) - Number(other.entry.over) || one.day.localeCompare(other.day),
    )
    .map((one) => one.entry);
}

/** Under their headings, in the order in which these come first. */
export function grouped(entries: readonly Entry[]): [group: Entry["group"], entries: Entry[]][] {
  const groups = new Map<string, [Entry["group"], Entry[]]>();
  for (const one of entries) {
    const key = typeof one.group === "string" ? one.group : one.group[0];
    const found = groups.get(key);
    if (found) found[1].push(one);
    else groups.set(key, [one.group, [one]]);
  }
  return [...groups.values()];
}
