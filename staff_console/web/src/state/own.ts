// What a librarian has chosen for oneself, kept on the server: the account's, not this browser's.
import type { Language } from "../protocol/messages";

/**
 * What one decides. `languages`: spoken, so that a visit in another one does not ring here. `email`: where a call to
 * stand in or for a kiosk goes; empty: nowhere. `standby`: may be asked to step in when too few are on duty.
 * `alerts`: is told when a kiosk needs somebody.
 */
export interface OwnChoices {
  readonly languages: readonly Language[];
  readonly email: string;
  readonly standby: boolean;
  readonly alerts: boolean;
}

/** As the server keeps it, with the ways that it has to ask. */
export interface OwnSettings extends OwnChoices {
  readonly push_available: boolean;
  readonly email_available: boolean;
}

/**
 * Whether this browser can be woken while its page is closed. `unavailable`: the browser or the server cannot.
 * `blocked`: the browser was told never to show notices of this page.
 */
export type PushState = "unknown" | "unavailable" | "blocked" | "off" | "on";

/** Whether the browser shows notices over other windows; `default`: it was not asked yet. */
export type NoticeState = NotificationPermission | "unavailable";

/** Roles that keep something of the library, its kiosks among it; what exactly, the server says. */
const KEEPING: ReadonlySet<string> = new Set(["branch_admin", "service_owner", "system_admin"]);

export function keepsKiosks(roles: readonly string[]): boolean {
  return roles.some((role) => KEEPING.has(role));
}

export type OwnFault = "languages" | "email";

/** What is not right yet; null when it can be saved. The server looks again. */
export function ownFault(settings: OwnChoices): OwnFault | null {
  if (settings.languages.length === 0) return "languages";
  // Enough to find a slip; whether anybody reads there only a letter can tell.
  return settings.email === "" || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(settings.email) ? null : "email";
}

/** What of the settings is sent back. */
export function choices({ languages, email, standby, alerts }: OwnChoices): OwnChoices {
  return { languages, email, standby, alerts };
}

/** With this language, or without it; in the order of `all`. */
export function withLanguage(
  settings: OwnChoices,
  all: readonly Language[],
  language: Language,
  spoken: boolean,
): OwnChoices {
  const languages = all.filter((one) => (one === language ? spoken : settings.languages.includes(one)));
  return { ...choices(settings), languages };
}
