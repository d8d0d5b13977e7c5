// What there is to keep, who may keep it, and the address of each on this page.
import { type Action, type AdminView, DEFAULT_AUDIO_KBPS, DEFAULT_VIDEO_KBPS } from "../../protocol/messages";
import type { Values } from "./draft";
import { firstHours } from "./hours";

export type FormKind =
  | "libraries"
  | "branches"
  | "services"
  | "teams"
  | "exceptions"
  | "cards"
  | "staff"
  | "kiosks";
/** What is read, not kept. */
export type PageKind = "health" | "calls" | "network" | "actions";
export type Kind = FormKind | PageKind;

interface KindFacts {
  /** Any of these shows it. */
  readonly shown: readonly Action[];
  /** Any of these adds one; none: it is not added here. */
  readonly add: readonly Action[];
  readonly remove: readonly Action[];
  /** Fields of the form, as it travels. */
  readonly fields: readonly string[];
}

export const KINDS: Readonly<Record<Kind, KindFacts>> = {
  health: { shown: ["view_health"], add: [], remove: [], fields: [] },
  libraries: {
    shown: ["edit_library"],
    add: [],
    remove: [],
    fields: [
      "name",
      "default_language",
      "time_zone",
      "country",
      "urgent_number",
      "alert_quiet_from_min",
      "alert_quiet_to_min",
    ],
  },
  branches: {
    shown: ["edit_branch", "close_branch"],
    add: ["add_branch"],
    remove: ["remove_branch"],
    fields: [
      "name",
      "phone",
      "notes",
      "hours",
      "closed",
      "closed_until",
      "closed_texts",
      "relay_only",
      "video_max_kbps",
      "audio_max_kbps",
    ],
  },
  services: {
    shown: ["edit_service"],
    add: ["add_service"],
    remove: ["remove_service"],
    fields: [
      "names",
      "languages",
      "priority",
      "offer_policy",
      "ring_timeout_s",
      "choice_after_s",
      "tiers",
      "hours",
    ],
  },
  teams: { shown: ["edit_team"], add: ["edit_team"], remove: ["remove_team"], fields: ["name", "members"] },
  exceptions: {
    shown: ["edit_branch_exception", "edit_service_exception"],
    add: ["edit_branch_exception", "edit_service_exception"],
    remove: ["edit_branch_exception", "edit_service_exception"],
    fields: ["subject_id", "day", "spans", "texts"],
  },
  cards: {
    shown: ["edit_branch_card", "edit_library_card"],
    add: ["edit_branch_card", "edit_library_card"],
    remove: ["edit_branch_card", "edit_library_card"],
    fields: ["branch_id", "position", "titles", "bodies"],
  },
  staff: {
    shown: ["view_staff"],
    add: ["add_staff"],
    remove: [],
    fields: ["name", "login", "roles", "languages", "email", "standby", "alerts"],
  },
  kiosks: {
    shown: ["add_kiosk", "rename_kiosk", "edit_kiosk", "revoke_kiosk"],
    add: ["add_kiosk"],
    remove: [],
    fields: [
      "branch_id",
      "name",
      "push_to_talk",
      "lens_side",
      "camera_height_cm",
      "brightness_percent",
      "closed_brightness_percent",
      "volume_max_percent",
      "quiet_from_min",
      "quiet_to_min",
      "quiet_volume_max_percent",
      "test_at_min",
      "version",
    ],
  },
  calls: { shown: ["view_places"], add: [], remove: [], fields: [] },
  network: { shown: ["view_places"], add: [], remove: [], fields: [] },
  actions: { shown: ["view_actions"], add: [], remove: [], fields: [] },
};

const PAGES: ReadonlySet<Kind | null> = new Set<Kind>(["health", "calls", "network", "actions"]);

/** A page to read: it has no list and no form. */
export function isPage(kind: Kind | null): kind is PageKind {
  return PAGES.has(kind);
}

export function may(view: AdminView, actions: readonly Action[]): boolean {
  return actions.some((action) => view.allowed[action] === true);
}

/** In the order of the table, those that this person may keep. */
export function kindsOf(view: AdminView): Kind[] {
  return (Object.keys(KINDS) as Kind[]).filter((kind) => may(view, KINDS[kind].shown));
}

/** Where one is on this page. `id`: one of a kind; `new`: the form of one that is not kept yet; null: the list. */
export interface Route {
  readonly kind: Kind | null;
  readonly id: string | null;
}
export const NEW = "new";
const DOOR = "#manage";

export function addressOf({ kind, id }: Route): string {
  return [DOOR, kind, id].filter((part) => part !== null).join("/");
}

/** Null: another page of the console. */
export function routeOf(address: string): Route | null {
  const [door, kind = "", ...id] = address.split("/");
  if (door !== DOOR) return null;
  return { kind: kind in KINDS ? (kind as Kind) : null, id: id.length > 0 ? id.join("/") : null };
}

/** What is kept of a kind. */
export function keptOf(view: AdminView, kind: FormKind): readonly { id: string; revision: string }[] {
  return kind === "libraries" ? [view.library] : view[kind];
}

/** An empty form. */
export function freshValues(view: AdminView, kind: FormKind, today: string): Values {
  const languages = ["sv", "nb", "en"];
  const branch = view.branches[0]?.id ?? "";
  switch (kind) {
    case "libraries":
      return {};
    case "branches":
      return {
        name: "",
        phone: "",
        notes: "",
        hours: firstHours(),
        closed: false,
        closed_until: null,
        closed_texts: {},
        relay_only: false,
        video_max_kbps: DEFAULT_VIDEO_KBPS,
        audio_max_kbps: DEFAULT_AUDIO_KBPS,
      };
    case "services":
      return {
        names: {},
        languages,
        priority: 0,
        offer_policy: "ring_all",
        ring_timeout_s: null,
        choice_after_s: 60,
        tiers: [],
        hours: null,
      };
    case "teams":
      return { name: "", members: [] };
    case "exceptions":
      return { subject_id: branch, day: today, spans: [], texts: {} };
    case "cards":
      return {
        branch_id: may(view, ["edit_library_card"]) ? null : branch,
        position: 0,
        titles: {},
        bodies: {},
      };
    case "staff":
      return {
        name: "",
        login: "",
        roles: ["librarian"],
        languages,
        email: "",
        standby: false,
        alerts: false,
      };
    case "kiosks":
      return {
        branch_id: branch,
        name: "",
        push_to_talk: false,
        lens_side: "top",
        camera_height_cm: 0,
        brightness_percent: 100,
        closed_brightness_percent: 20,
        volume_max_percent: 100,
        quiet_from_min: 0,
        quiet_to_min: 0,
        quiet_volume_max_percent: 60,
        test_at_min: 180,
        version: "",
      };
  }
}
