// A kiosk: its name, and the code with which it becomes one of ours.
import { useState } from "preact/hooks";
import type { AdminView } from "../../protocol/messages";
import { Button } from "../../ui/controls/button";
import { Confirm } from "../confirm";
import { useOffice } from "../context";
import { SelectField, SwitchField, TextField } from "../fields/plain";
import { addressOf } from "../rules/kinds";

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
      {id !== null && (
        <p>
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
