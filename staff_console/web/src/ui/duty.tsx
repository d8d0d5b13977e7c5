// The duty switch: the largest control. Its state is a sentence.
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { Switch } from "./controls/switch";
import { Scene } from "./scene";

const LAMP = { off: "off", green: "lit", broken: "dim", pending: "dim", unknown: "dim" } as const;

export function DutyCard() {
  const { state, commands, words } = useDesk();
  const seat = state.view.value?.seat;
  if (!seat) return null;
  const duty = state.duty.value;
  const pending = state.pending.value;
  const busy = pending.has("seat.duty") || pending.has("go_on_duty");
  return (
    <section class={`card duty duty-${duty.kind}`} data-testid="duty" data-duty={duty.kind}>
      <Scene lamp={LAMP[duty.kind]} />
      <div class="duty-words" role="status">
        <h1>
          <span class="duty-lamp" aria-hidden="true" />
          {words(`duty-${duty.kind}`)}
        </h1>
        {duty.kind !== "broken" && <p>{words(`duty-${duty.kind}-lead`)}</p>}
      </div>
      {duty.kind === "broken" && (
        <ul class="mends">
          {duty.missing.map((part, index) => (
            <li key={part} class="mend" data-testid={`missing-${part}`}>
              <Icon name="warning" />
              <p>{words(`mend-${part}`)}</p>
              <Button
                look={index === 0 ? "main" : "plain"}
                testid={`mend-${part}`}
                onPress={() => commands.mend(part)}
              >
                {words(`mend-${part}-do`)}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {duty.kind === "off" ? (
        <Button look="main" icon="bell" hint="G" busy={busy} testid="go-on-duty" onPress={commands.goOnDuty}>
          {words("duty-on-do")}
        </Button>
      ) : (
        <div class="duty-foot">
          <Switch on={seat.named} testid="named" onChange={commands.setNamed}>
            {words("duty-named")}
          </Switch>
          <Button icon="logOut" busy={busy} testid="go-off-duty" onPress={commands.goOffDuty}>
            {words("duty-off-do")}
          </Button>
        </div>
      )}
    </section>
  );
}
