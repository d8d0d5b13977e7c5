// Which page stands: signing in, the password, or the desk.
import type { Commands } from "../state/commands";
import type { ConsoleState } from "../state/console";
import { DeskContext, useDesk } from "./context";
import { DeskPage } from "./desk";
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
import "./styles/scene.css";

export interface AppProps {
  readonly state: ConsoleState;
  readonly commands: Commands;
  readonly words: Words;
}

export function App(props: AppProps) {
  return (
    <DeskContext.Provider value={props}>
      <Page />
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

function Page() {
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
      return <DeskPage />;
  }
}
