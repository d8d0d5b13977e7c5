// Who else is on duty, and in a call: one click to bring a colleague in.
import type { Colleague } from "../protocol/messages";
import { colleagueState, colleagues, firstName, mayInvite } from "../state/colleagues";
import { useDesk } from "./context";
import { Button } from "./controls/button";

export function ColleaguesPanel() {
  const { state, commands, words } = useDesk();
  const view = state.view.value;
  if (view === null) return null;
  const all = colleagues(view);
  const asked = view.visit?.asked ?? "";
  return (
    <section class="panel" data-testid="colleagues">
      <h2>{words("colleagues-title")}</h2>
      {asked !== "" && (
        <div class="asking" role="status" data-testid="asking">
          <p>{words("colleague-asking", { name: firstName(asked) })}</p>
          <Button
            icon="x"
            busy={state.pending.value.has("visit.uninvite")}
            testid="uninvite"
            onPress={commands.uninvite}
          >
            {words("colleague-ask-not")}
          </Button>
        </div>
      )}
      {all.length === 0 ? (
        <p class="soft">{words("colleagues-none")}</p>
      ) : (
        <ul class="entries quiet">
          {all.map((colleague) => (
            <Row key={colleague.id} colleague={colleague} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ colleague }: { colleague: Colleague }) {
  const { state, commands, words } = useDesk();
  const view = state.view.value;
  if (view === null) return null;
  const how = colleagueState(view, colleague);
  const name = firstName(colleague.name);
  return (
    <li class="colleague" data-testid="colleague" data-how={how}>
      <strong>{colleague.name}</strong>
      <span class={`how how-${how}`}>{words(`colleague-${how}`)}</span>
      <span class="colleague-languages">
        {colleague.languages.map((one) => words(`language-${one}`)).join(" · ")}
      </span>
      {how === "free" && mayInvite(view) && (
        <Button
          icon="userPlus"
          busy={state.pending.value.has("visit.invite")}
          testid={`invite-${colleague.id}`}
          onPress={() => commands.invite(colleague.id)}
        >
          {words("colleague-invite", { name })}
        </Button>
      )}
      {how === "here" && view.visit?.guest === false && (
        <Button
          icon="door"
          busy={state.pending.value.has("visit.uninvite")}
          testid="thank-colleague"
          onPress={commands.uninvite}
        >
          {words("colleague-thank", { name })}
        </Button>
      )}
    </li>
  );
}
