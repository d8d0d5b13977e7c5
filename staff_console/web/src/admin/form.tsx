// The form of one thing: its fields, and below them what becomes of them.
import type { FunctionComponent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AdminView } from "../protocol/messages";
import { useDesk } from "../ui/context";
import { Button } from "../ui/controls/button";
import { Icon } from "../ui/controls/icon";
import { Confirm } from "./confirm";
import { problemId, useOffice } from "./context";
import { BranchFields } from "./forms/branch";
import { CardFields } from "./forms/card";
import { ExceptionFields } from "./forms/exception";
import { KioskFields } from "./forms/kiosk";
import { LibraryFields } from "./forms/library";
import { ServiceFields } from "./forms/service";
import { StaffFields } from "./forms/staff";
import { TeamFields } from "./forms/team";
import { dayText } from "./rules/days";
import type { Draft } from "./rules/draft";
import { type FormKind, KINDS, may } from "./rules/kinds";
import { type Texts, textIn } from "./rules/texts";
import { SecretCard } from "./secret";

const FIELDS: Readonly<Record<FormKind, FunctionComponent<{ view: AdminView }>>> = {
  libraries: LibraryFields,
  branches: BranchFields,
  services: ServiceFields,
  teams: TeamFields,
  exceptions: ExceptionFields,
  cards: CardFields,
  staff: StaffFields,
  kiosks: KioskFields,
};

/** What of these changes, kiosks show. */
const TOLD: ReadonlySet<FormKind> = new Set(["libraries", "branches", "services", "exceptions", "cards"]);

export function EntryForm({ kind, draft, view }: { kind: FormKind; draft: Draft; view: AdminView }) {
  const { state } = useDesk();
  const { say, keeping } = useOffice();
  const title = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [closing, setClosing] = useState(false);
  const Fields = FIELDS[kind];
  useEffect(() => title.current?.focus(), []);
  // What is wrong is where one goes on.
  const problem = keeping.problem.value;
  useEffect(() => {
    if (problem === null) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  const name = nameOf(draft, state.preferences.value.language);
  const save = () => {
    const closes = kind === "branches" && draft.values.closed === true && draft.base.closed !== true;
    if (closes) setClosing(true);
    else void keeping.save();
  };
  return (
    <form
      ref={form}
      class="entry-form"
      noValidate
      data-testid="form"
      data-kind={kind}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <h2 ref={title} tabIndex={-1}>
        {draft.id === null ? say(`admin-add-${kind}`) : name || say("admin-unnamed")}
      </h2>
      <SecretCard />
      <Fields view={view} />
      <Foot kind={kind} draft={draft} view={view} name={name} />
      {closing && (
        <Confirm
          title={say("admin-branch-close-title", { name })}
          lead={say("admin-branch-close-lead")}
          word={say("admin-branch-close")}
          urgent
          onNo={() => setClosing(false)}
          onYes={() => {
            setClosing(false);
            void keeping.save();
          }}
        />
      )}
    </form>
  );
}

/** What people call it, as it is kept. */
function nameOf({ base }: Draft, language: "sv" | "nb" | "en"): string {
  if (typeof base.name === "string") return base.name;
  if (typeof base.day === "string") return dayText(base.day, language);
  return textIn((base.names ?? base.titles ?? {}) as Texts, language);
}

interface FootProps {
  readonly kind: FormKind;
  readonly draft: Draft;
  readonly view: AdminView;
  readonly name: string;
}

/** Save, take back, remove; and, near the button, what came of it. */
function Foot({ kind, draft, view, name }: FootProps) {
  const { say, keeping } = useOffice();
  const [removing, setRemoving] = useState(false);
  const busy = keeping.busy.value !== "";
  const dirty = keeping.dirty.value;
  return (
    <div class="form-foot">
      <ConflictLine />
      <ProblemLine />
      <div class="form-actions">
        <Button submit look="main" busy={busy} testid="save" onPress={() => {}}>
          {say(
            keeping.busy.value === "save" ? "admin-saving" : draft.id === null ? "admin-add" : "admin-save",
          )}
        </Button>
        {dirty && (
          <Button look="quiet" testid="reset" busy={busy} onPress={keeping.reset}>
            {say("admin-reset")}
          </Button>
        )}
        <p class="form-state" role="status" data-testid="form-state">
          {keeping.saved.value && !dirty && (
            <span class="well" data-testid="saved">
              <Icon name="check" />
              {say(TOLD.has(kind) ? "admin-saved-told" : "admin-saved")}
            </span>
          )}
          {dirty && !busy && <span class="soft">{say("admin-unsaved")}</span>}
        </p>
        {draft.id !== null && may(view, KINDS[kind].remove) && (
          <Button look="quiet" icon="trash" testid="remove" busy={busy} onPress={() => setRemoving(true)}>
            {say("admin-remove")}
          </Button>
        )}
      </div>
      {removing && (
        <Confirm
          title={say("admin-remove-title", { name })}
          lead={say(`admin-remove-${kind}`)}
          word={say("admin-remove")}
          urgent
          onNo={() => setRemoving(false)}
          onYes={() => {
            setRemoving(false);
            void keeping.remove();
          }}
        />
      )}
    </div>
  );
}

/** Somebody else was there meanwhile. */
function ConflictLine() {
  const { say, keeping } = useOffice();
  const conflict = keeping.conflict.value;
  if (conflict === null) return null;
  const who = conflict.who || say("admin-somebody");
  const how = conflict.gone ? "gone" : conflict.clashes.length > 0 ? "clash" : "beside";
  return (
    <div class="notice" role="alert" data-testid="conflict">
      <Icon name="info" />
      <p>
        <strong>{say(conflict.gone ? "admin-conflict-removed" : "admin-conflict", { who })}</strong>{" "}
        {say(`admin-conflict-${how}`)}
      </p>
      {!conflict.gone && (
        <Button testid="take-theirs" onPress={keeping.reset}>
          {say("admin-conflict-take")}
        </Button>
      )}
    </div>
  );
}

/** What is wrong with the whole, or where: the field itself says more. */
function ProblemLine() {
  const { say, keeping } = useOffice();
  const problem = keeping.problem.value;
  if (problem === null) return null;
  const why =
    problem.code === "in_use" ? `admin-problem-in_use-${problem.data.why}` : problemId(problem.code);
  return (
    <div class="fault" role="alert" data-testid="problem">
      <Icon name="warning" />
      <p>{problem.field === "" ? say(why, problem.data) : say("admin-problem-field")}</p>
    </div>
  );
}
