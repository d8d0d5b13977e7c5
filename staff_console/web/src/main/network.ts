// This machine's way into the network has changed: another cable, another wireless, a tunnel. Addresses that were found
// before are worth nothing then, neither the server's connection's nor a path's.
import type { Link } from "../net/link";
import type { CallRunner } from "./call";

export interface NetworkDeps {
  readonly link: Pick<Link, "probe">;
  readonly call: Pick<CallRunner, "moved">;
  readonly window: Pick<Window, "addEventListener"> & { readonly navigator: object };
}

/** `navigator.connection` (WICG Network Information), where the browser tells of the kind of network. */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
}

export function watchNetwork({ link, call, window }: NetworkDeps): void {
  function moved(): void {
    link.probe();
    call.moved();
  }

  window.addEventListener("online", moved);
  const { connection } = window.navigator as { readonly connection?: NetworkInformation };
  let kind = connection?.type;
  connection?.addEventListener("change", () => {
    // It also tells of every guess at speed and delay, which moves nobody.
    if (connection.type === kind) return;
    kind = connection.type;
    moved();
  });
}
