// The connection to the server: Socket.IO, WebSocket only, namespace /staff. It carries messages and says how it
// is; what they mean is decided elsewhere.
import { io, type Socket } from "socket.io-client";
import {
  type Ack,
  type ErrorCode,
  type FromConsole,
  PROTOCOL_VERSION,
  STAFF_NAMESPACE,
  type StaffHello,
  type ToConsole,
} from "../protocol/messages";
import { answers, retryDelayMs } from "./knocking";

/** How long an acknowledgement may take. */
const ACK_TIMEOUT_MS = 6_000;
/** A server that does not even refuse, because the way to it is gone: no waiting for what was sent into the dark. */
const CONNECT_TIMEOUT_MS = 4_000;
/** The server speaks every 6 s; a connection that was quiet for longer may not have lived through a sleep. */
const QUIET_MS = 12_000;
/** How long it then has for a word, as when it is asked because a call has fallen silent. */
const PROBE_MS = 1_000;
/** It is not asked again sooner: what has just answered is there. */
const PROBE_EVERY_MS = 3_000;

/** A command that was refused, or that got no answer (`no_answer`). */
export class Refused extends Error {
  constructor(
    readonly code: ErrorCode | "no_answer",
    readonly data: Readonly<Record<string, string | number>> = {},
  ) {
    super(code);
  }
}

export interface LinkEvents {
  /** Connected; a snapshot follows by itself. */
  up(): void;
  /** Lost; it tries again by itself. */
  away(): void;
  /** Turned away with a code; it does not try again by itself. */
  refused(code: string): void;
  message<Name extends Incoming>(name: Name, payload: ToConsole[Name]): void;
}

export interface LinkDeps {
  /** Somebody counts on this page: it tries again more often. */
  readonly awaited: () => boolean;
  readonly fetch: typeof fetch;
  /** In [0, 1). */
  readonly chance: () => number;
}

export interface Link {
  open(): void;
  close(): void;
  /** The page was asleep or frozen: find out whether the connection lived through it, and connect anew if not. */
  wake(): void;
  /** Something makes one doubt the connection: ask for a word, and connect anew without one. */
  probe(): void;
  send<Name extends keyof FromConsole>(
    name: Name,
    payload: FromConsole[Name]["payload"],
  ): Promise<FromConsole[Name]["reply"]>;
}

/** What the console is told; `presence.ask` is a question and answered right here. */
export type Incoming = Exclude<keyof ToConsole, "presence.ask">;

const INCOMING: readonly Incoming[] = [
  "staff.snapshot",
  "delta",
  "call.offer",
  "call.answer",
  "call.candidate",
  "call.media",
  "text.draft",
  "text.history",
];

/** `hello` is asked anew at each connection: the token and the seat may have changed. */
export function createLink(
  hello: () => Omit<StaffHello, "protocol">,
  events: LinkEvents,
  deps: LinkDeps,
): Link {
  const socket: Socket = io(STAFF_NAMESPACE, {
    transports: ["websocket"],
    autoConnect: false,
    reconnection: false, // see later()
    timeout: CONNECT_TIMEOUT_MS,
    auth: (give) => give({ protocol: PROTOCOL_VERSION, ...hello() } satisfies StaffHello),
  });

  let opened = false;
  let heardMs = Date.now();
  const heard = () => {
    heardMs = Date.now();
  };
  socket.io.on("ping", heard);
  socket.onAny(heard);

  let probedMs = Number.NEGATIVE_INFINITY;

  let failed = 0;
  let pause: ReturnType<typeof setTimeout> | undefined;
  /** Raised when a try that is on its way is no longer wanted. */
  let turn = 0;

  function noLater(): void {
    turn += 1;
    clearTimeout(pause);
    pause = undefined;
  }

  /** Now, and not when the next try would come. */
  function again(): void {
    noLater();
    socket.disconnect().connect();
  }

  /**
   * After a while. Not left to the library, whose longest delay is the same for everybody, and none at all for every
   * other try after a thousand.
   */
  function later(): void {
    if (!opened || pause !== undefined) return;
    failed += 1;
    pause = setTimeout(() => void tryAgain(), retryDelayMs(failed, deps.chance(), deps.awaited()));
  }

  async function tryAgain(): Promise<void> {
    const mine = turn;
    // Most often the server is back, or was never away.
    const there = failed === 1 || (await answers(deps.fetch));
    if (turn !== mine) return;
    pause = undefined;
    if (there) socket.connect();
    else later();
  }

  /** Ask for a word; a view comes with it. */
  function ask(): void {
    probedMs = Date.now();
    const connection = socket.id;
    const asked: keyof FromConsole = "snapshot.request";
    socket
      .timeout(PROBE_MS)
      .emitWithAck(asked, {})
      .catch(() => {
        // Another connection meanwhile is the answer, too.
        if (!opened || socket.id !== connection) return;
        events.away();
        again();
      });
  }

  socket.on("connect", () => {
    heard();
    events.up();
  });
  socket.on("disconnect", (reason) => {
    // The server closed this connection on purpose: ask it why by connecting again, once.
    if (reason === "io server disconnect") socket.connect();
    else if (reason !== "io client disconnect") later();
    if (reason !== "io client disconnect") events.away();
  });
  socket.on("connect_error", (error) => {
    if (socket.active) {
      events.away();
      later();
    } else events.refused(refusalCode(error));
  });
  // Are you there? Answered on the spot: from the socket's message to the socket's answer there is no timer that a
  // tab in the background would hold back, and nothing of ours that could be busy. A frozen page does not answer.
  socket.on("presence.ask", (_payload: unknown, acknowledge: (answer: object) => void) => acknowledge({}));
  // Only now it was welcomed: a server that lets everybody in and dies of it is spared more and more.
  socket.on("staff.snapshot", () => {
    failed = 0;
  });
  for (const name of INCOMING) {
    socket.on(name, (payload) => events.message(name, payload));
  }

  return {
    open: () => {
      opened = true;
      noLater();
      socket.connect();
    },
    close: () => {
      opened = false;
      noLater();
      socket.disconnect();
    },
    wake: () => {
      if (!opened) return;
      if (!socket.connected) again();
      else if (Date.now() - heardMs >= QUIET_MS) {
        heard(); // once is enough, however many signs of waking come together
        ask();
      }
    },
    probe: () => {
      if (!opened) return;
      if (socket.connected && Date.now() - probedMs >= PROBE_EVERY_MS) ask();
    },
    async send(name, payload) {
      if (!socket.connected) throw new Refused("no_answer");
      let ack: Ack;
      try {
        ack = await socket.timeout(ACK_TIMEOUT_MS).emitWithAck(name, payload);
      } catch {
        throw new Refused("no_answer");
      }
      if (!ack.ok) throw new Refused(ack.error?.code ?? "internal", ack.error?.data ?? {});
      return ack.data as never;
    },
  };
}

/** The server turns a connection away with its code as the message, or in the data. */
function refusalCode(error: Error & { data?: { code?: unknown } }): string {
  return typeof error.data?.code === "string" ? error.data.code : error.message;
}
