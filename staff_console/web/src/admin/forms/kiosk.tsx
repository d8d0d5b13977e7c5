// A kiosk: its name, and the code with which it becomes one of ours.
import { useState } from "preact/hooks";
import type { AdminView, LensSide } from "../../protocol/messages";
import { Button } from "../../ui/controls/button";
import { Confirm } from "../confirm";
import { useOffice } from "../context";
import { RadioField } from "../fields/choices";
import { NumberField, SelectField, SwitchField, TextField } from "../fields/plain";
import { TimeField } from "../fields/time";
import { addressOf } from "../rules/kinds";

const LENS_SIDES: readonly LensSide[] = ["top", "left", "right"];

export function KioskFields({ view }: { view: AdminView }) {
  const { say, keeping } = useOffice();
  const id = keeping.draft.value?.id ?? null;
  const kiosk = view.kiosks.find((one) => one.id === id);
  return (
    <>
      {kiosk && (
        <p class={`standing standing-${kiosk.enrolment}`} data-testid="enrolment">
          {say(`admin-kiosk-${kiosk.enrolment}-lead`)}
        </p>
      )}
      <SelectField
        name="branch_id"
        label={say("admin-kiosk-branch")}
        {...(id === null ? {} : { hint: say("admin-kiosk-branch-hint") })}
        choices={view.branches.map(({ id: value, name }) => ({ value, label: name }))}
        fixed={id !== null}
      />
      <TextField name="name" label={say("admin-name")} hint={say("admin-kiosk-name-hint")} required />
      {view.allowed.edit_kiosk && (
        <SwitchField
          name="push_to_talk"
          label={say("admin-kiosk-push-to-talk")}
          hint={say("admin-kiosk-push-to-talk-hint")}
        />
      )}
      {id !== null && view.allowed.edit_kiosk && <Settings />}
      {id !== null && (
        <p class="health-links">
          {view.allowed.view_health && (
            <a class="button" href={addressOf({ kind: "health", id })} data-testid="health-of-kiosk">
              {say("admin-kiosk-health")}
            </a>
          )}
          <a class="button" href={addressOf({ kind: "calls", id })} data-testid="calls-of-kiosk">
            {say("admin-kiosk-calls")}
          </a>
        </p>
      )}
      {id === null ? (
        <p class="soft">{say("admin-kiosk-new-lead")}</p>
      ) : (
        kiosk?.enrolment !== "revoked" && <KioskActions view={view} name={kiosk?.name ?? ""} />
      )}
    </>
  );
}

/** How it is to run; the kiosk keeps the last of it for when the server is away. */
function Settings() {
  const { say } = useOffice();
  return (
    <>
      <fieldset class="group">
        <legend>{say("admin-kiosk-place")}</legend>
        <RadioField
          name="lens_side"
          label={say("admin-kiosk-lens")}
          hint={say("admin-kiosk-lens-hint")}
          options={LENS_SIDES.map((value) => ({ value, label: say(`admin-lens-${value}`) }))}
        />
        <NumberField
          name="camera_height_cm"
          label={say("admin-kiosk-height")}
          hint={say("admin-kiosk-height-hint")}
          unit="cm"
          min={0}
          max={300}
        />
      </fieldset>
      <fieldset class="group">
        <legend>{say("admin-kiosk-screen")}</legend>
        <div class="pair">
          <NumberField
            name="brightness_percent"
            label={say("admin-kiosk-bright-open")}
            unit="%"
            min={10}
            max={100}
          />
          <NumberField
            name="closed_brightness_percent"
            label={say("admin-kiosk-bright-closed")}
            hint={say("admin-kiosk-bright-closed-hint")}
            unit="%"
            min={0}
            max={100}
          />
        </div>
      </fieldset>
      <fieldset class="group">
        <legend>{say("admin-kiosk-sound")}</legend>
        <NumberField
          name="volume_max_percent"
          label={say("admin-kiosk-volume")}
          hint={say("admin-kiosk-volume-hint")}
          unit="%"
          min={20}
          max={100}
        />
        <div class="triple">
          <TimeField name="quiet_from_min" label={say("admin-kiosk-quiet-from")} />
          <TimeField name="quiet_to_min" label={say("admin-kiosk-quiet-to")} />
          <NumberField
            name="quiet_volume_max_percent"
            label={say("admin-kiosk-quiet-volume")}
            unit="%"
            min={0}
            max={100}
          />
        </div>
        <small>{say("admin-quiet-hint")}</small>
      </fieldset>
      <fieldset class="group">
        <legend>{say("admin-kiosk-care")}</legend>
        <div class="pair">
          <TimeField name="test_at_min" label={say("admin-kiosk-test")} hint={say("admin-kiosk-test-hint")} />
          <TextField
            name="version"
            label={say("admin-kiosk-version")}
            hint={say("admin-kiosk-version-hint")}
          />
        </div>
      </fieldset>
    </>
  );
}

function KioskActions({ view, name }: { view: AdminView; name: string }) {
  const { say, keeping } = useOffice();
  const [asked, setAsked] = useState<"code" | "revoke" | null>(null);
  const busy = keeping.busy.value !== "";
  return (
    <div class="act-row">
      {view.allowed.new_kiosk_code && (
        <Button testid="new-code" icon="refresh" busy={busy} onPress={() => setAsked("code")}>
          {say("admin-kiosk-code")}
        </Button>
      )}
      {view.allowed.revoke_kiosk && (
        <Button testid="revoke" icon="x" look="urgent" busy={busy} onPress={() => setAsked("revoke")}>
          {say("admin-kiosk-revoke")}
        </Button>
      )}
      {asked && (
        <Confirm
          title={say(`admin-kiosk-${asked}-title`, { name })}
          lead={say(`admin-kiosk-${asked}-lead`)}
          word={say(`admin-kiosk-${asked}`)}
          urgent={asked === "revoke"}
          onNo={() => setAsked(null)}
          onYes={() => {
            setAsked(null);
            void (asked === "code" ? keeping.newCode() : keeping.revoke());
          }}
        />
      )}
    </div>
  );
}
