// Locking a kiosk with a text for visitors, and opening it again.
import { useState } from "preact/hooks";
import type { HealthRow } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Button } from "../../ui/controls/button";
import { Icon } from "../../ui/controls/icon";
import { useOffice } from "../context";
import { TextBoxes } from "../fields/texts";
import { LANGUAGES, type Texts } from "../rules/texts";
import { Refused, WHY_NOT } from "./orders";

export function LockSection({ row }: { row: HealthRow }) {
  const { say } = useOffice();
  return (
    <section class="health-part" aria-labelledby="lock-title" data-testid="lock">
      <h3 id="lock-title">{say("admin-health-lock-title")}</h3>
      {row.locked ? <Locked row={row} /> : <Lock row={row} />}
      <Kept kioskId={row.kiosk_id} />
    </section>
  );
}

function Locked({ row }: { row: HealthRow }) {
  const { words } = useDesk();
  const { say, health } = useOffice();
  const told = LANGUAGES.filter((language) => row.lock_texts[language]);
  return (
    <>
      <p class="standing standing-waiting" data-testid="locked-now">
        {say("admin-health-locked-now")}
      </p>
      {told.length === 0 ? (
        <p>{say("admin-health-lock-plain")}</p>
      ) : (
        <dl class="facts lock-texts">
          {told.map((language) => (
            <div key={language} class="facts-row">
              <dt lang={language}>{words(`language-${language}`)}</dt>
              <dd lang={language}>{row.lock_texts[language]}</dd>
            </div>
          ))}
        </dl>
      )}
      <p>
        <Button
          testid="unlock"
          icon="lockOpen"
          busy={health.act.value?.state === "sending"}
          onPress={() => void health.unlock(row.kiosk_id)}
        >
          {say("admin-health-unlock")}
        </Button>
      </p>
      <Refused kioskId={row.kiosk_id} name="unlock" />
    </>
  );
}

function Lock({ row }: { row: HealthRow }) {
  const { say, health } = useOffice();
  const [open, setOpen] = useState(false);
  const [texts, setTexts] = useState<Texts>({});
  const busy = health.act.value?.state === "sending";
  if (!open)
    return (
      <div class="order">
        <Button
          testid="lock-open"
          icon="lock"
          expanded={false}
          idleBecause={row.in_visit ? WHY_NOT : undefined}
          onPress={() => setOpen(true)}
        >
          {say("admin-health-lock")}
        </Button>
        <p class="soft">{say("admin-health-lock-lead")}</p>
      </div>
    );
  return (
    <form
      class="health-form"
      noValidate
      data-testid="lock-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!row.in_visit) void health.lock(row.kiosk_id, texts).then((kept) => kept && setOpen(false));
      }}
    >
      <fieldset class="texts-field">
        <legend>{say("admin-health-lock-texts")}</legend>
        <small>{say("admin-health-lock-texts-hint")}</small>
        <TextBoxes name="lock" texts={texts} lines={2} focused onChange={setTexts} />
      </fieldset>
      <div class="form-actions">
        <Button
          submit
          look="main"
          icon="lock"
          testid="lock-save"
          busy={busy}
          idleBecause={row.in_visit ? WHY_NOT : undefined}
          onPress={() => {}}
        >
          {say("admin-health-lock-do")}
        </Button>
        <Button look="quiet" testid="lock-cancel" onPress={() => setOpen(false)}>
          {say("admin-no")}
        </Button>
      </div>
      <Refused kioskId={row.kiosk_id} name="lock" />
    </form>
  );
}

function Kept({ kioskId }: { kioskId: string }) {
  const { say, health } = useOffice();
  const act = health.act.value;
  const told =
    act?.kioskId === kioskId && act.state === "kept" && (act.name === "lock" || act.name === "unlock");
  return (
    <p role="status" class="order-state" data-testid="lock-state">
      {told && (
        <>
          <Icon name="check" />
          {say(`admin-health-${act.name}-kept`)}
        </>
      )}
    </p>
  );
}
