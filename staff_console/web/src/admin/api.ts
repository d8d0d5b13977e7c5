// What the forms ask of the server. net/ answers; a refusal is a `Refusal` with code, field and data.
import type {
  ActionLogPage,
  AdminProblem,
  AdminView,
  CallsPage,
  EnrolmentCode,
  NetworkView,
  OneTimePassword,
  Saved,
} from "../protocol/messages";
import type { Values } from "./rules/draft";
import type { FormKind } from "./rules/kinds";

/** `code` is one of the server's, or `no_answer`. */
export interface Problem {
  readonly code: AdminProblem["code"] | "no_answer";
  readonly field: string;
  readonly data: Readonly<Record<string, string | number>>;
}

export type Added = Partial<Saved & EnrolmentCode & OneTimePassword>;

export interface AdminApi {
  view(): Promise<AdminView>;
  add(kind: FormKind, form: Values): Promise<Added>;
  replace(kind: FormKind, id: string, revision: string, form: Values): Promise<Saved>;
  remove(kind: FormKind, id: string, revision: string): Promise<void>;
  /** A new enrolment code for a kiosk. */
  code(kioskId: string): Promise<EnrolmentCode>;
  revoke(kioskId: string): Promise<void>;
  /** A new one-time password for an account. */
  password(staffId: string): Promise<OneTimePassword>;
  setDisabled(staffId: string, disabled: boolean): Promise<void>;
  /** `before`: older than this moment; null: the newest. */
  actions(before: string | null): Promise<ActionLogPage>;
  /** What calls were like, of one kiosk or of all. */
  calls(kioskId: string | null, before: string | null): Promise<CallsPage>;
  network(): Promise<NetworkView>;
  /** What was thrown, as a problem. */
  problem(error: unknown): Problem;
}
