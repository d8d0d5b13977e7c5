// Who is signed in, and with it whether there is a connection at all.
import type { Session, SessionApi } from "../net/http";
import type { ConsoleState, StaffMember } from "../state/console";

/** How soon the session is asked again when the server turned us away or did not answer. */
const RESUME_MS = 2_000;

export interface Sessions {
  /** The token that proves that a request comes from this page. */
  csrf(): string;
  /** Ask who is signed in, and go on from there; again and again while the server does not answer. */
  resume(): Promise<void>;
  /** The server turned the connection away with this code. */
  refused(code: string): void;
  signIn(login: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  changePassword(current: string, next: string): Promise<void>;
}

export interface SessionDeps {
  readonly state: ConsoleState;
  readonly api: SessionApi;
  readonly open: () => void;
  /** Nobody is signed in any more: let go of everything. */
  readonly signedOut: () => void;
}

export function createSessions({ state, api, open, signedOut }: SessionDeps): Sessions {
  let csrf = "";
  let again: ReturnType<typeof setTimeout> | undefined;

  function enter(session: Session): void {
    csrf = session.csrf;
    state.staff.value = session.staff as StaffMember | null;
    if (session.staff === null) {
      state.session.value = "signed_out";
      state.link.value = "down";
      state.view.value = null;
      state.dutyLost.value = false;
      signedOut();
    } else if (session.staff.must_change_password) {
      state.session.value = "must_change_password";
    } else {
      state.session.value = "signed_in";
      if (state.link.value === "down") state.link.value = "connecting";
      open();
    }
  }

  function later(): void {
    clearTimeout(again);
    again = setTimeout(() => void resume(), RESUME_MS);
  }

  async function resume(): Promise<void> {
    clearTimeout(again);
    try {
      enter(await api.load());
    } catch {
      if (state.session.value === "starting") state.session.value = "unreachable";
      later();
    }
  }

  return {
    csrf: () => csrf,
    resume,
    refused(code) {
      if (code === "version") state.link.value = "outdated";
      else if (code === "forbidden" || code === "origin") state.link.value = code;
      else {
        // Signed out meanwhile, a token that is too old, a server that is starting: the session knows.
        state.link.value = "away";
        later();
      }
    },
    async signIn(login, password) {
      // The token of a page that was left open overnight is too old: take a fresh one.
      csrf = (await api.load()).csrf;
      enter(await api.signIn(csrf, login, password));
    },
    async signOut() {
      await api.signOut(csrf);
      enter(await api.load());
    },
    async changePassword(current, next) {
      await api.changePassword(csrf, current, next);
      enter(await api.load());
    },
  };
}
