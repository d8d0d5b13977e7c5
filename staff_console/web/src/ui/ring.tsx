// A ring takes the page: who, where, service, language, waited. One click or one key answers.
import { clock, secondsSince, secondsUntil } from "../state/line";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Dialog } from "./controls/dialog";
import { Icon } from "./controls/icon";
import { serviceName } from "./help";

export function RingDialog() {
  const { state, commands, words } = useDesk();
  const view = state.view.value;
  const offer = view?.offer;
  if (!view || !offer) return null;
  const now = state.nowMs.value;
  const answered = state.answered.value === offer.id;
  const left = secondsUntil(offer.deadline, now);
  return (
    <Dialog labelledBy="ring-title" testid="ring" look="ring">
      <p class="ring-bell">
        <Icon name="bell" />
        <span>{words("ring-lead")}</span>
      </p>
      <h1 id="ring-title">{offer.branch_name}</h1>
      <p class="ring-kiosk">{offer.kiosk_name}</p>
      <dl class="ring-facts">
        <div>
          <dt>{words("ring-service")}</dt>
          <dd data-testid="ring-service">
            {serviceName(view, offer.service_id, state.preferences.value.language)}
          </dd>
        </div>
        <div>
          <dt>{words("ring-language")}</dt>
          <dd data-testid="ring-language">{words(`language-${offer.language}`)}</dd>
        </div>
        <div>
          <dt>{words("ring-waited")}</dt>
          <dd class="time" data-testid="ring-waited">
            {clock(secondsSince(offer.opened_at, now))}
          </dd>
        </div>
      </dl>
      {offer.returned && <p class="notice ring-returned">{words("ring-returned")}</p>}
      <div class="ring-actions">
        <Button
          look="main"
          icon="phone"
          hint="A"
          busy={answered}
          focused
          testid="accept"
          onPress={commands.accept}
        >
          {words(answered ? "ring-answering" : "ring-accept")}
        </Button>
        <Button icon="x" hint="D" busy={answered} testid="decline" onPress={commands.decline}>
          {words("ring-decline")}
        </Button>
      </div>
      <p class="soft time">{words("ring-left", { seconds: left })}</p>
    </Dialog>
  );
}
