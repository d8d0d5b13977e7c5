// A code or a password that is shown this once: large, to be copied, and with what to do with it.
import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../ui/context";
import { Button } from "../ui/controls/button";
import { useOffice } from "./context";
import { momentText } from "./rules/days";

export function SecretCard() {
  const { state } = useDesk();
  const { say, keeping } = useOffice();
  const [copied, setCopied] = useState(false);
  const card = useRef<HTMLElement>(null);
  const secret = keeping.secret.value;
  useEffect(() => {
    setCopied(false);
    if (secret !== null) card.current?.focus();
  }, [secret]);
  if (secret === null) return null;
  const { kind, text, name, expiresAt } = secret;
  const zone = keeping.view.value?.library.time_zone ?? "UTC";
  return (
    <section ref={card} class="secret" aria-labelledby="secret-title" tabIndex={-1} data-testid="secret">
      <h3 id="secret-title">{say(`admin-secret-${kind}`, { name })}</h3>
      <p class="secret-text" data-testid="secret-text" translate={false}>
        {text}
      </p>
      <p>{say(`admin-secret-${kind}-how`)}</p>
      {kind === "code" && (
        <p>
          <code class="secret-command">
            python -m kiosk enrol --server {location.origin} {text}
          </code>
        </p>
      )}
      <p>
        <strong>{say("admin-secret-once")}</strong>{" "}
        {expiresAt !== null &&
          say("admin-secret-until", { time: momentText(expiresAt, zone, state.preferences.value.language) })}
      </p>
      <div class="secret-actions">
        <Button
          icon={copied ? "check" : "copy"}
          testid="secret-copy"
          onPress={() => {
            void navigator.clipboard.writeText(text).then(
              () => setCopied(true),
              // The browser would not: it stands there to be read.
              () => setCopied(false),
            );
          }}
        >
          <span role="status">{say(copied ? "admin-secret-copied" : "admin-secret-copy")}</span>
        </Button>
        <Button look="main" testid="secret-done" onPress={keeping.putAwaySecret}>
          {say("admin-secret-done")}
        </Button>
      </div>
    </section>
  );
}
