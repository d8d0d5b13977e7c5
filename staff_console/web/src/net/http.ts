// Signing in and out, over plain HTTP. The session itself is a cookie that no script sees.

export interface SessionStaff {
  readonly staff_id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly must_change_password?: boolean;
}

export interface Session {
  readonly csrf: string;
  readonly staff: SessionStaff | null;
}

/** A refusal of the server, or no answer at all (`no_answer`). */
export class HttpFault extends Error {
  constructor(
    readonly code: string,
    readonly data: Readonly<Record<string, string | number>> = {},
    /** Path of the form's field that is wrong; empty: the whole. */
    readonly field = "",
  ) {
    super(code);
  }
}

export interface SessionApi {
  load(): Promise<Session>;
  signIn(csrf: string, login: string, password: string): Promise<Session>;
  signOut(csrf: string): Promise<void>;
  changePassword(csrf: string, current: string, next: string): Promise<void>;
}

/**
 * One request to our own server; `csrf` with everything that changes something, `more` headers where it takes them.
 * Throws `HttpFault`.
 */
export type Ask = (
  method: string,
  path: string,
  csrf?: string,
  body?: object,
  more?: Readonly<Record<string, string>>,
) => Promise<Response>;

export function createAsk(fetcher: typeof fetch): Ask {
  return async (method, path, csrf, body, more = {}) => {
    const headers: Record<string, string> = { ...more };
    if (csrf !== undefined) headers["X-CSRF-Token"] = csrf;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let response: Response;
    try {
      response = await fetcher(path, {
        method,
        headers,
        credentials: "same-origin",
        cache: "no-store",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new HttpFault("no_answer");
    }
    if (response.ok) return response;
    throw await fault(response);
  };
}

export function createSessionApi(fetcher: typeof fetch): SessionApi {
  const ask = createAsk(fetcher);
  return {
    load: async () => (await ask("GET", "/api/session")).json(),
    signIn: async (csrf, login, password) =>
      (await ask("POST", "/api/session", csrf, { login, password })).json(),
    signOut: async (csrf) => {
      await ask("DELETE", "/api/session", csrf);
    },
    changePassword: async (csrf, current, next) => {
      await ask("POST", "/api/session/password", csrf, { current, new: next });
    },
  };
}

async function fault(response: Response): Promise<HttpFault> {
  try {
    const { error } = await response.json();
    return new HttpFault(String(error.code), error.data ?? {}, String(error.field ?? ""));
  } catch {
    // Not ours: a proxy in between, or a server that is starting.
    return new HttpFault("no_answer");
  }
}
