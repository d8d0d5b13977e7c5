// What every part of the screen needs: the values, the commands, the words.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Commands } from "../state/commands";
import type { ConsoleState } from "../state/console";
import type { Words } from "./words";

export interface Desk {
  readonly state: ConsoleState;
  readonly commands: Commands;
  readonly words: Words;
  /** This person's roles keep the library: there is a way to its forms. */
  readonly mayManage: boolean;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error("the screen stands outside of its App");
  return desk;
}
