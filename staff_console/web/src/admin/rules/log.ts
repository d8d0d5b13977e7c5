// Lines of the action log in words: names for ids, and the server's plain values as people say them.
import type { AdminView } from "../../protocol/messages";
import { clockOf } from "./hours";
import { LANGUAGES, textIn } from "./texts";

type Say = (id: string, values?: Record<string, string | number>) => string;

/** What things are called now, by id. */
export function namesOf(view: AdminView): Map<string, string> {
  const home = view.library.default_language;
  const subjects = new Map<string, string>([
    [view.library.id, view.library.name],
    ...view.branches.map(({ id, name }): [string, string] => [id, name]),
    ...view.teams.map(({ id, name }): [string, string] => [id, name]),
    ...view.kiosks.map(({ id, name }): [string, string] => [id, name]),
    ...view.staff.map(({ id, name }): [string, string] => [id, name]),
    ...view.services.map(({ id, names }): [string, string] => [id, textIn(names, home)]),
    ...view.cards.map(({ id, titles }): [string, string] => [id, textIn(titles, home)]),
  ]);
  for (const { id, subject_id, day } of view.exceptions)
    subjects.set(id, `${subjects.get(subject_id) ?? ""} ${day}`.trim());
  return subjects;
}

/** A changed field's new value. `*`: it was changed, and what stands there is nobody else's affair. */
export function spokenField(
  field: string,
  value: string,
  say: Say,
  language: (code: string) => string,
): string {
  if (value === "*") return say("admin-log-changed");
  if (value === "") return say("admin-nothing");
  if (value === "true" || value === "false") return say(`admin-log-${value}`);
  const parts = value.split(", ");
  if (field === "roles") return parts.map((role) => say(`admin-role-${role}`)).join(", ");
  if (field === "languages" || field === "default_language")
    return parts.map((code) => (isLanguage(code) ? language(code) : code)).join(", ");
  if (field === "offer_policy") return say(`admin-policy-${value}`);
  if (field === "lens_side") return say(`admin-lens-${value}`);
  if (field.endsWith("_min") && /^\d+$/.test(value)) return clockOf(Number(value));
  if (field === "hours") return spokenHours(value, say);
  return value;
}

const isLanguage = (code: string) => (LANGUAGES as readonly string[]).includes(code);

/** `08:00-18:00 | … | closed_on_holidays: true`, seven days and a word. */
function spokenHours(value: string, say: Say): string {
  const parts = value.split(" | ");
  if (parts.length !== 8) return value;
  return parts
    .map((part, day) => {
      if (day === 7) return part.endsWith("true") ? say("admin-hours-holidays") : "";
      return `${say(`admin-day-${day}`)} ${part === "-" ? say("admin-hours-closed").toLocaleLowerCase() : part}`;
    })
    .filter((part) => part !== "")
    .join(", ");
}
