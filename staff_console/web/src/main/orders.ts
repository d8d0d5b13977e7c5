// Carry out what somebody asked for: it is pending until it is answered, and a refusal is shown.
import { HttpFault } from "../net/http";
import { type Link, Refused } from "../net/link";
import type { FromConsole } from "../protocol/messages";
import type { ConsoleState, Fault } from "../state/console";

export interface Orders {
  /** Send a command. True when it is done; a second one of the same name waits for nothing and is not sent. */
  order<Name extends keyof FromConsole>(name: Name, payload: FromConsole[Name]["payload"]): Promise<boolean>;
  /** The same for anything else that may be refused. */
  attempt(name: string, act: () => Promise<unknown>): Promise<boolean>;
}

export function createOrders(state: ConsoleState, link: Pick<Link, "send">): Orders {
  async function attempt(name: string, act: () => Promise<unknown>): Promise<boolean> {
    if (state.pending.value.has(name)) return false;
    state.pending.value = new Set([...state.pending.value, name]);
    state.fault.value = null;
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof HttpFault)) throw error;
      state.fault.value = { code: error.code as Fault["code"], data: error.data };
      return false;
    } finally {
      state.pending.value = new Set([...state.pending.value].filter((one) => one !== name));
    }
  }

  return { attempt, order: (name, payload) => attempt(name, () => link.send(name, payload)) };
}
