// The duty switch: the largest control. Its state is a sentence.
import { useCallback, useState } from "preact/hooks";
import type { OffDutyCause } from "../protocol/messages";
import type { ConsoleState } from "../state/console";
import type { DutyState } from "../state/duty";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon } from "./controls/icon";
import { Switch } from "./controls/switch";
import { NoticeHint } from "./notices";
import { PauseLead, PauseMenu } from "./pause";
import { Scene } from "./scene";

const LAMP = {
  off: "off",
  green: "lit",
  paused: "off",
  broken: "dim",
  pending: "dim",
  unknown: "dim",
} as const;

export function DutyCard() {
  const { state, words } = useDesk();
  const seat = state.view.value?.seat;
  if (!seat) return null;
  const duty = state.duty.value;
  const unanswered = duty.kind === "paused" && duty.pause.reason === "unanswered";
  return (
    <section class={`card duty duty-${duty.kind}`} data-testid="duty" data-duty={duty.kind}>
      <Scene lamp={LAMP[duty.kind]} />
      <div class="duty-words" role="status">
        <h1>
          <span class="duty-lamp" aria-hidden="true" />
          {words(unanswered ? "duty-unanswered" : `duty-${duty.kind}`)}
        </h1>
        <Lead duty={duty} />
      </div>
      <Mends duty={duty} />
      <MainButton duty={duty} />
      {duty.kind === "green" && <NoticeHint />}
      {duty.kind !== "off" && <Foot duty={duty} named={seat.named} />}
    </section>
  );
}

/** Why one is off duty, when that was not one's own click. */
function whyOff(state: ConsoleState): OffDutyCause | "away" | null {
  return state.view.value?.seat.off_duty_cause ?? (state.dutyLost.value ? "away" : null);
}

function Lead({ duty }: { duty: DutyState }) {
  const { state, words } = useDesk();
  if (duty.kind === "broken") return null;
  if (duty.kind === "paused") return <PauseLead pause={duty.pause} />;
  const cause = duty.kind === "off" ? whyOff(state) : null;
  if (cause) return <p data-testid="off-duty-cause">{words(`duty-off-${cause}`)}</p>;
  return <p>{words(`duty-${duty.kind}-lead`)}</p>;
}

/** What is missing, each with the one click that mends it. */
function Mends({ duty }: { duty: DutyState }) {
  const { commands, words } = useDesk();
  if (duty.missing.length === 0) return null;
  return (
    <ul class="mends">
      {duty.missing.map((part, index) => (
        <li key={part} class="mend" data-testid={`missing-${part}`}>
          <Icon name="warning" />
          <p>{words(`mend-${part}`)}</p>
          <Button
            look={index === 0 && duty.kind === "broken" ? "main" : "plain"}
            testid={`mend-${part}`}
            onPress={() => commands.mend(part)}
          >
            {words(`mend-${part}-do`)}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** One large button wherever there is one thing to do. */
function MainButton({ duty }: { duty: DutyState }) {
  const { state, commands, words } = useDesk();
  const pending = state.pending.value;
  if (duty.kind === "off") {
    return (
      <Button
        look="main"
        icon="bell"
        hint="G"
        busy={pending.has("seat.duty") || pending.has("go_on_duty")}
        testid="go-on-duty"
        onPress={commands.goOnDuty}
      >
        {words(whyOff(state) === null ? "duty-on-do" : "duty-again-do")}
      </Button>
    );
  }
  if (duty.kind !== "paused") return null;
  return (
    <Button
      look="main"
      icon="bell"
      hint="G"
      busy={pending.has("seat.resume")}
      testid="end-pause"
      onPress={commands.endPause}
    >
      {words("duty-again-do")}
    </Button>
  );
}

function Foot({ duty, named }: { duty: DutyState; named: boolean }) {
  const { state, commands, words } = useDesk();
  const [choosing, setChoosing] = useState(false);
  const close = useCallback(() => setChoosing(false), []);
  const mayPause = duty.kind !== "paused" && duty.kind !== "unknown";
  return (
    <div class="duty-foot">
      {choosing && mayPause && <PauseMenu onClose={close} />}
      <Switch on={named} testid="named" onChange={commands.setNamed}>
        {words("duty-named")}
      </Switch>
      <div class="duty-ways">
        {mayPause && (
          <Button
            icon="pause"
            hint="P"
            expanded={choosing}
            testid="pause"
            onPress={() => setChoosing(!choosing)}
          >
            {words("pause")}
          </Button>
        )}
        <Button
          icon="logOut"
          busy={state.pending.value.has("seat.duty")}
          testid="go-off-duty"
          onPress={commands.goOffDuty}
        >
          {words("duty-off-do")}
        </Button>
      </div>
    </div>
  );
}
