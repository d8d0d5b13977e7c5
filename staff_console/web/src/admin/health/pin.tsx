// The PIN of a kiosk's service menu: set here, never shown again; without one nobody gets in.
import { useState } from "preact/hooks";
import { Button } from "../../ui/controls/button";
import { Icon } from "../../ui/controls/icon";
import { useOffice } from "../context";
import { isEasyPin, isPin, PIN_DIGITS } from "../rules/health";
import { Refused } from "./orders";

export function PinSection({ kioskId, isSet }: { kioskId: string; isSet: boolean }) {
  const { say, health } = useOffice();
  const [pin, setPin] = useState("");
  /** What is wrong with what was typed, as the text's id. */
  const [wrong, setWrong] = useState<string | null>(null);
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
      <p data-testid="pin-set">
        <Icon name={isSet ? "check" : "info"} />
        {say(isSet ? "admin-health-pin-is-set" : "admin-health-pin-is-not-set")}
      </p>
      <form
        class="health-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const fault = whatIsWrong(pin);
          setWrong(fault);
          if (fault === null) send(pin);
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
            aria-invalid={wrong !== null}
            aria-describedby={wrong !== null ? "pin-hint pin-wrong" : "pin-hint"}
            data-testid="pin-input"
            onInput={(event) => {
              setWrong(null);
              setPin(event.currentTarget.value.trim());
            }}
          />
          <small id="pin-hint">
            {say("admin-health-pin-hint", { min: PIN_DIGITS.min, max: PIN_DIGITS.max })}
          </small>
          {wrong !== null && (
            <p id="pin-wrong" class="wrong" role="alert" data-testid="pin-wrong">
              <Icon name="warning" />
              {say(wrong, { min: PIN_DIGITS.min, max: PIN_DIGITS.max })}
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

function whatIsWrong(pin: string): string | null {
  if (!isPin(pin)) return "admin-health-pin-wrong";
  return isEasyPin(pin) ? "admin-problem-too_easy" : null;
}
