// The PIN of a kiosk's service menu: set here, never shown again; without one nobody gets in.
import { useState } from "preact/hooks";
import { Button } from "../../ui/controls/button";
import { Icon } from "../../ui/controls/icon";
import { useOffice } from "../context";
import { isPin, PIN_DIGITS } from "../rules/health";
import { Refused } from "./orders";

export function PinSection({ kioskId }: { kioskId: string }) {
  const { say, health } = useOffice();
  const [pin, setPin] = useState("");
  const [wrong, setWrong] = useState(false);
  /** What was sent last: the menu is open or closed since. */
  const [closed, setClosed] = useState(false);
  const act = health.act.value;
  const busy = act?.state === "sending";
  const kept = act?.kioskId === kioskId && act.name === "pin" && act.state === "kept";
  const send = (next: string) => {
    setClosed(next === "");
    void health.setPin(kioskId, next).then((done) => done && setPin(""));
  };
  return (
    <section class="health-part" aria-labelledby="pin-title" data-testid="pin">
      <h3 id="pin-title">{say("admin-health-pin-title")}</h3>
      <p class="soft">{say("admin-health-pin-lead")}</p>
      <form
        class="health-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setWrong(!isPin(pin));
          if (isPin(pin)) send(pin);
        }}
      >
        <div class="field pin-field">
          <label for="pin">{say("admin-health-pin")}</label>
          <input
            id="pin"
            type="text"
            inputMode="numeric"
            autocomplete="off"
            maxLength={PIN_DIGITS.max}
            value={pin}
            aria-invalid={wrong}
            aria-describedby={wrong ? "pin-hint pin-wrong" : "pin-hint"}
            data-testid="pin-input"
            onInput={(event) => {
              setWrong(false);
              setPin(event.currentTarget.value.trim());
            }}
          />
          <small id="pin-hint">
            {say("admin-health-pin-hint", { min: PIN_DIGITS.min, max: PIN_DIGITS.max })}
          </small>
          {wrong && (
            <p id="pin-wrong" class="wrong" role="alert" data-testid="pin-wrong">
              <Icon name="warning" />
              {say("admin-health-pin-wrong", { min: PIN_DIGITS.min, max: PIN_DIGITS.max })}
            </p>
          )}
        </div>
        <div class="form-actions">
          <Button submit icon="key" testid="pin-save" busy={busy} onPress={() => {}}>
            {say("admin-health-pin-save")}
          </Button>
          <Button look="quiet" testid="pin-close" busy={busy} onPress={() => send("")}>
            {say("admin-health-pin-close")}
          </Button>
        </div>
        <Refused kioskId={kioskId} name="pin" />
        <p role="status" class="order-state" data-testid="pin-state">
          {kept && (
            <>
              <Icon name="check" />
              {say(closed ? "admin-health-pin-closed" : "admin-health-pin-kept")}
            </>
          )}
        </p>
      </form>
    </section>
  );
}
