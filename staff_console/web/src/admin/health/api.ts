// What the health page asks of the server.
import type { HealthHistory, HealthView, OrderKind, OrderRow } from "../../protocol/messages";
import type { Problem } from "../api";
import type { Texts } from "../rules/texts";

export interface HealthApi {
  health(): Promise<HealthView>;
  history(kioskId: string): Promise<HealthHistory>;
  order(kioskId: string, kind: OrderKind): Promise<OrderRow>;
  lock(kioskId: string, texts: Texts): Promise<void>;
  unlock(kioskId: string): Promise<void>;
  /** Empty: the service menu is closed to everybody. */
  setPin(kioskId: string, pin: string): Promise<void>;
  /** What was thrown, as a problem. */
  problem(error: unknown): Problem;
}
