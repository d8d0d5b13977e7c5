// How kiosks are, made ready to be read: by branch, the worst first, and what can be asked of one.

import texts from "../../protocol/health.json";
import type {
  Action,
  AlertRow,
  AlertScope,
  HealthCode,
  HealthRow,
  HealthView,
  Language,
  Light,
  OrderKind,
  OrderRow,
} from "../../protocol/messages";
import type { Said } from "./entries";

/** What somebody should see first; a kiosk that was never there alarms nobody, and still waits for a hand. */
const WORST_FIRST: readonly Light[] = ["red", "amber", "grey", "green"];

export function rankOf(light: Light): number {
  return WORST_FIRST.indexOf(light);
}

/** "Can this kiosk take a call right now?" */
export function takesCalls({ light }: Pick<HealthRow, "light">): boolean {
  return light === "green" || light === "amber";
}

export interface FindingText {
  readonly sentence: string;
  readonly remedy: string;
}
type Texts<Key extends string> = Readonly<Record<Language, Readonly<Record<Key, FindingText>>>>;
const FINDINGS: Texts<HealthCode> = texts;
const SCOPES: Texts<Exclude<AlertScope, "kiosk">> = texts.scopes;

/** What a finding means and what to do, for a caretaker. A code of a newer server stands for itself. */
export function findingText(code: HealthCode, language: Language): FindingText {
  return FINDINGS[language][code] ?? { sentence: code, remedy: "" };
}

export interface BranchHealth {
  readonly id: string;
  readonly name: string;
  readonly kiosks: readonly HealthRow[];
}

/** Branches with their kiosks: what is worst comes first, what is alike by name. */
export function byBranch(
  kiosks: readonly HealthRow[],
  names: ReadonlyMap<string, string>,
  language: Language,
): BranchHealth[] {
  const branches = new Map<string, HealthRow[]>();
  for (const row of kiosks) branches.set(row.branch_id, [...(branches.get(row.branch_id) ?? []), row]);
  const alike = (one: string, other: string) => one.localeCompare(other, language);
  const worst = ({ kiosks: own }: BranchHealth) => Math.min(...own.map(({ light }) => rankOf(light)));
  return [...branches]
    .map(([id, own]) => ({
      id,
      name: names.get(id) ?? "",
      kiosks: own.sort((a, b) => rankOf(a.light) - rankOf(b.light) || alike(a.name, b.name)),
    }))
    .sort((a, b) => worst(a) - worst(b) || alike(a.name, b.name));
}

/** The whole library in a sentence or two. */
export function summary(kiosks: readonly HealthRow[], names: ReadonlyMap<string, string>): Said[] {
  if (kiosks.length === 0) return [["admin-none-kiosks"]];
  const said: Said[] = [];
  for (const light of ["red", "amber", "grey"] as const) {
    const own = kiosks.filter((row) => row.light === light);
    const [first] = own;
    if (first === undefined) continue;
    said.push(
      own.length === 1
        ? [`admin-health-one-${light}`, { kiosk: first.name, branch: names.get(first.branch_id) ?? "" }]
        : [`admin-health-many-${light}`, { count: own.length }],
    );
  }
  return said.length > 0 ? said : [["admin-health-all-well"], ["admin-health-nothing-to-do"]];
}

export interface OrderFacts {
  readonly kind: OrderKind;
  /** Who may do this may ask for it. */
  readonly action: Action;
  /** Asked before it is done: it may bring somebody on the road. */
  readonly confirmed: boolean;
}

/** From the most harmless to the hardest. */
export const ORDERS: readonly OrderFacts[] = [
  { kind: "identify", action: "identify_kiosk", confirmed: false },
  { kind: "test", action: "test_kiosk", confirmed: false },
  { kind: "reload", action: "reload_kiosk", confirmed: false },
  { kind: "restart_program", action: "restart_kiosk_program", confirmed: false },
  { kind: "restart_machine", action: "restart_kiosk_machine", confirmed: true },
];

/** The last of its kind that was asked. */
export function latestOrder({ orders }: Pick<HealthRow, "orders">, kind: OrderKind): OrderRow | null {
  return orders.reduce<OrderRow | null>(
    (found, one) =>
      one.kind === kind && (found === null || Date.parse(one.asked_at) > Date.parse(found.asked_at))
        ? one
        : found,
    null,
  );
}

export function isUnderWay(order: OrderRow | null): boolean {
  return order?.state === "asked" || order?.state === "taken";
}

/** Signs of a kiosk's id that it shows, large, when it is asked who it is. */
const CODE_SIGNS = 4;

/** What the kiosk shows beside its name, for somebody who stands before one of several. */
export function identityCode({ kiosk_id }: Pick<HealthRow, "kiosk_id">): string {
  return kiosk_id.slice(-CODE_SIGNS).toUpperCase();
}

/** What became of an order, in a sentence. `when` is said in the reader's language. */
export function orderSaid(order: OrderRow, when: string): Said {
  const values = { who: order.asked_by, when };
  if (order.state === "failed") return [`admin-health-failed-${order.fault ?? "broken"}`, values];
  return [`admin-health-order-${order.state}`, values];
}

/** The time that the sentence of an order is about. */
export function orderTime({ told_at, asked_at }: OrderRow): string {
  return told_at ?? asked_at;
}

/** What one alert says: of its kiosk, or of the one cause that took down more. */
export function alertText({ scope, code }: AlertRow, language: Language): FindingText {
  return scope === "kiosk" ? findingText(code, language) : SCOPES[language][scope];
}

/** Where it is: branch and kiosk, the branch alone, or nowhere in particular. */
export function alertPlace(
  { scope, branch_id, kiosk_ids }: AlertRow,
  names: ReadonlyMap<string, string>,
): string {
  const branch = scope === "network" ? "" : (names.get(branch_id ?? "") ?? "");
  const kiosk = scope === "kiosk" ? (names.get(kiosk_ids[0] ?? "") ?? "") : "";
  return [branch, kiosk].filter((part) => part !== "").join(", ");
}

/** Why nobody has been told of an alert yet, as the text's id; the likeliest reason that stands in the way of all. */
export function notTold({ anybody_told, quiet }: Pick<HealthView, "anybody_told" | "quiet">): string {
  if (!anybody_told) return "admin-health-alert-nobody";
  return quiet ? "admin-health-alert-waits" : "admin-health-alert-soon";
}

/** The service menu's PIN: digits, enough of them; nothing closes the menu. */
export const PIN_DIGITS = { min: 6, max: 12 } as const;
/** What anybody would try first: all the same, or counted up or down, 9 going on with 0. The server refuses it, too. */
export function isEasyPin(pin: string): boolean {
  const steps = new Set(
    [...pin].slice(1).map((digit, index) => (Number(digit) - Number(pin[index]) + 10) % 10),
  );
  return steps.size === 1 && [0, 1, 9].some((step) => steps.has(step));
}
export function isPin(typed: string): boolean {
  return new RegExp(`^[0-9]{${PIN_DIGITS.min},${PIN_DIGITS.max}}$`).test(typed);
}
