// An account: who it is, what it may do, and a new password when the old one is forgotten.
import { useState } from "preact/hooks";
import type { AdminView, Role } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Button } from "../../ui/controls/button";
import { Confirm } from "../confirm";
import { useOffice } from "../context";
import { ChecksField } from "../fields/choices";
import { SwitchField, TextField } from "../fields/plain";
import { LANGUAGES } from "../rules/texts";

const ROLES: readonly Role[] = ["librarian", "specialist", "branch_admin", "service_owner", "system_admin"];

export function StaffFields({ view }: { view: AdminView }) {
  const { words } = useDesk();
  const { say, keeping } = useOffice();
  const draft = keeping.draft.value;
  const account = view.staff.find((one) => one.id === draft?.id);
  const held = (draft?.base.roles ?? []) as Role[];
  // A role above one's own is shown where somebody has it, and cannot be touched.
  const roles = ROLES.filter((role) => view.grantable_roles.includes(role) || held.includes(role));
  return (
    <>
      {account && (account.disabled || account.must_change_password) && (
        <p class="standing standing-revoked" data-testid="standing">
          {say(account.disabled ? "admin-staff-disabled-lead" : "admin-staff-new-lead")}
        </p>
      )}
      <div class="pair">
        <TextField name="name" label={say("admin-staff-name")} hint={say("admin-staff-name-hint")} required />
        <TextField
          name="login"
          label={say("admin-staff-login")}
          hint={say(account ? "admin-staff-login-fixed" : "admin-staff-login-hint")}
          fixed={account !== undefined}
          required
        />
      </div>
      <ChecksField
        name="roles"
        label={say("admin-staff-roles")}
        options={roles.map((value) => ({
          value,
          label: say(`admin-role-${value}`),
          lead: say(`admin-role-${value}-lead`),
          fixed: !view.grantable_roles.includes(value) || view.allowed.set_roles !== true,
        }))}
      />
      <ChecksField
        name="languages"
        label={say("admin-staff-languages")}
        wide
        options={LANGUAGES.map((value) => ({ value, label: words(`language-${value}`), lang: value }))}
      />
      <TextField
        name="email"
        label={say("admin-staff-email")}
        hint={say("admin-staff-email-hint")}
        type="email"
      />
      <SwitchField name="standby" label={say("admin-staff-standby")} hint={say("admin-staff-standby-hint")} />
      <SwitchField name="alerts" label={say("admin-staff-alerts")} hint={say("admin-staff-alerts-hint")} />
      {account && account.id !== view.me && <StaffActions view={view} account={account} />}
      {account && account.id === view.me && <p class="soft">{say("admin-staff-oneself")}</p>}
    </>
  );
}

function StaffActions({ view, account }: { view: AdminView; account: AdminView["staff"][number] }) {
  const { say, keeping } = useOffice();
  const [asked, setAsked] = useState<"password" | "disable" | "enable" | null>(null);
  const busy = keeping.busy.value !== "";
  if (account.roles.some((role) => !view.grantable_roles.includes(role))) return null;
  const switching = account.disabled ? "enable" : "disable";
  return (
    <div class="act-row">
      {view.allowed.reset_password && !account.disabled && (
        <Button testid="new-password" icon="refresh" busy={busy} onPress={() => setAsked("password")}>
          {say("admin-staff-password")}
        </Button>
      )}
      {view.allowed[`${switching}_staff`] && (
        <Button
          testid={switching}
          icon={account.disabled ? "check" : "x"}
          look={account.disabled ? "plain" : "urgent"}
          busy={busy}
          onPress={() => setAsked(switching)}
        >
          {say(`admin-staff-${switching}`)}
        </Button>
      )}
      {asked && (
        <Confirm
          title={say(`admin-staff-${asked}-title`, { name: account.name })}
          lead={say(`admin-staff-${asked}-lead`)}
          word={say(`admin-staff-${asked}`)}
          urgent={asked === "disable"}
          onNo={() => setAsked(null)}
          onYes={() => {
            setAsked(null);
            void (asked === "password" ? keeping.newPassword() : keeping.setDisabled(asked === "disable"));
          }}
        />
      )}
    </div>
  );
}
