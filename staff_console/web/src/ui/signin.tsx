// Before the desk: the first moment, signing in, the own password.
import type { ComponentChildren } from "preact";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { FaultLine } from "./fault";
import { Scene } from "./scene";
import { LanguageChoice } from "./settings";

function Entrance({ children, testid }: { children: ComponentChildren; testid: string }) {
  const { words } = useDesk();
  return (
    <main class="entrance" data-testid={testid}>
      <div class="card entrance-card">
        <Scene lamp="lit" />
        <p class="entrance-name">{words("app-name")}</p>
        {children}
      </div>
      <LanguageChoice />
    </main>
  );
}

export function StartPage() {
  const { state, commands, words } = useDesk();
  if (state.session.value === "starting") {
    return (
      <Entrance testid="page-starting">
        <p role="status">{words("starting")}</p>
      </Entrance>
    );
  }
  return (
    <Entrance testid="page-unreachable">
      <h1>{words("unreachable-title")}</h1>
      <p>{words("unreachable-lead")}</p>
      <Button look="main" icon="refresh" testid="reach" onPress={commands.reach}>
        {words("unreachable-do")}
      </Button>
    </Entrance>
  );
}

export function SignInPage() {
  const { state, commands, words } = useDesk();
  const busy = state.pending.value.has("sign_in");
  return (
    <Entrance testid="page-signin">
      <h1>{words("signin-title")}</h1>
      <p>{words("signin-lead")}</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          commands.signIn(String(data.get("login")).trim(), String(data.get("password")));
        }}
      >
        <label class="field">
          <span>{words("signin-login")}</span>
          <input
            name="login"
            autocomplete="username"
            autocapitalize="none"
            required
            autofocus
            data-testid="login"
          />
        </label>
        <label class="field">
          <span>{words("signin-password")}</span>
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            data-testid="password"
          />
        </label>
        <FaultLine dismissible={false} />
        <Button look="main" submit busy={busy} testid="sign-in" onPress={() => {}}>
          {words(busy ? "signin-busy" : "signin-do")}
        </Button>
      </form>
    </Entrance>
  );
}

/** The shortest password that the server takes; it says no to shorter ones itself. */
const PASSWORD_MIN_CHARS = 12;

/** There is no user name to be wrong here. */
const WRONG_PASSWORD = { not_authenticated: "fault-wrong_password" };

export function PasswordPage() {
  const { state, commands, words } = useDesk();
  const busy = state.pending.value.has("change_password");
  return (
    <Entrance testid="page-password">
      <h1>{words("password-title")}</h1>
      <p>{words("password-lead")}</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          commands.changePassword(String(data.get("current")), String(data.get("next")));
        }}
      >
        <input type="hidden" autocomplete="username" value={state.staff.value?.name ?? ""} />
        <label class="field">
          <span>{words("password-current")}</span>
          <input
            name="current"
            type="password"
            autocomplete="current-password"
            required
            autofocus
            data-testid="password-current"
          />
        </label>
        <label class="field">
          <span>{words("password-new")}</span>
          <input
            name="next"
            type="password"
            autocomplete="new-password"
            minLength={PASSWORD_MIN_CHARS}
            aria-describedby="password-hint"
            required
            data-testid="password-new"
          />
          <small id="password-hint">{words("password-hint")}</small>
        </label>
        <FaultLine dismissible={false} instead={WRONG_PASSWORD} />
        <Button look="main" submit busy={busy} testid="password-save" onPress={() => {}}>
          {words(busy ? "password-busy" : "password-do")}
        </Button>
      </form>
    </Entrance>
  );
}
