// Which page stands: signing in, the password, the desk, or the forms of the library.
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChild } from "preact";
import type { Commands } from "../state/commands";
import type { ConsoleState } from "../state/console";
import { DeskContext, useDesk } from "./context";
import { Calls, DeskPage } from "./desk";
import { PasswordPage, SignInPage, StartPage } from "./signin";
import type { Words } from "./words";
import "@fontsource/atkinson-hyperlegible/latin-400.css";
import "@fontsource/atkinson-hyperlegible/latin-700.css";
import "@fontsource/atkinson-hyperlegible/latin-ext-400.css";
import "@fontsource/atkinson-hyperlegible/latin-ext-700.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/desk.css";
import "./styles/duty.css";
import "./styles/line.css";
import "./styles/ring.css";
import "./styles/call.css";
import "./styles/three.css";
import "./styles/path.css";
import "./styles/scene.css";

export interface AppProps {
  readonly state: ConsoleState;
  readonly commands: Commands;
  readonly words: Words;
  readonly manage: ManageDoor;
}

/** The forms of the library; fetched when they are wanted. */
export interface ManageDoor {
  /** This person may keep something. */
  readonly allowed: ReadonlySignal<boolean>;
  /** They are wanted now. */
  readonly open: ReadonlySignal<boolean>;
  page(): ComponentChild;
}

export function App({ state, commands, words, manage }: AppProps) {
  return (
    <DeskContext.Provider value={{ state, commands, words, mayManage: manage.allowed.value }}>
      <Page manage={manage} />
    </DeskContext.Provider>
  );
}

/** Instead of everything, when the address is not https. */
export function NeedsHttps({ words }: { words: Words }) {
  return (
    <main class="desk-wait" data-testid="needs-https">
      <h1>{words("insecure-title")}</h1>
      <p>{words("insecure-lead")}</p>
    </main>
  );
}

function Page({ manage }: { manage: ManageDoor }) {
  const { state } = useDesk();
  switch (state.session.value) {
    case "starting":
    case "unreachable":
      return <StartPage />;
    case "signed_out":
      return <SignInPage />;
    case "must_change_password":
      return <PasswordPage />;
    case "signed_in":
      return <SignedIn manage={manage} />;
  }
}

/** A ring takes either page; a conversation takes the desk, and the form comes back as it was left. */
function SignedIn({ manage }: { manage: ManageDoor }) {
  const { state } = useDesk();
  const view = state.view.value;
  const talking = view?.visit != null || view?.close_out != null;
  if (!manage.open.value) return <DeskPage />;
  return (
    <>
      {talking && <DeskPage />}
      <div hidden={talking}>{manage.page()}</div>
      {!talking && <Calls />}
    </>
  );
}
