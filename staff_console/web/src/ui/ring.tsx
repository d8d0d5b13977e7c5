// A ring takes the page: who, where, service, language, waited. One click or one key answers; what is seen of oneself
// then is shown before.
import type { OfferView } from "../protocol/messages";
import { clock, secondsSince, secondsUntil } from "../state/line";
import { ringLead, ringLook } from "../state/ring";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Dialog } from "./controls/dialog";
import { Icon, type IconName } from "./controls/icon";
import { serviceName } from "./help";
import { Video } from "./video";

const ICONS: Readonly<Record<ReturnType<typeof ringLook>, IconName>> = {
  visit: "bell",
  ticket: "ticket",
  join: "users",
};

export function RingDialog() {
  const { state, commands, words } = useDesk();
  const offer = state.view.value?.offer;
  if (!offer) return null;
  const look = ringLook(offer);
  const lead = ringLead(offer);
  const answered = state.answered.value === offer.id;
  const left = secondsUntil(offer.deadline, state.nowMs.value);
  return (
    <Dialog labelledBy="ring-title" testid="ring" look={`ring ring-${look}`}>
      <div class="ring-head">
        <p class="ring-bell">
          <Icon name={ICONS[look]} />
          <span data-testid="ring-lead">{words(lead.id, lead.values)}</span>
        </p>
        <h1 id="ring-title">{offer.branch_name}</h1>
        <p class="ring-kiosk">{offer.kiosk_name}</p>
      </div>
      <Facts offer={offer} />
      {offer.returned && <p class="notice ring-returned">{words("ring-returned")}</p>}
      <Elsewhere offer={offer} />
      <div class="ring-actions">
        <Preview />
        <Button
          look="main"
          icon={look === "join" ? "users" : "phone"}
          hint="A"
          busy={answered}
          focused
          testid="accept"
          onPress={commands.accept}
        >
          {words(answered ? "ring-answering" : `ring-accept-${look}`)}
        </Button>
        <Button icon="x" hint="D" busy={answered} testid="decline" onPress={commands.decline}>
          {words("ring-decline")}
        </Button>
      </div>
      <p class="soft time">{words("ring-left", { seconds: left })}</p>
    </Dialog>
  );
}

function Facts({ offer }: { offer: OfferView }) {
  const { state, words } = useDesk();
  const view = state.view.value;
  if (!view) return null;
  const waited = clock(secondsSince(offer.opened_at, state.nowMs.value));
  return (
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
        <dt>{words(offer.kind === "join" ? "ring-since" : "ring-waited")}</dt>
        <dd class="time" data-testid="ring-waited">
          {waited}
        </dd>
      </div>
    </dl>
  );
}

/** For whom one answers when it is not one's own branch, and what one should know of it. */
function Elsewhere({ offer }: { offer: OfferView }) {
  const { words } = useDesk();
  if (offer.answers_for === "") return null;
  return (
    <section class="ring-elsewhere" data-testid="answers-for">
      <h2>
        <Icon name="mapPin" />
        {words("ring-answers-for", { place: offer.answers_for })}
      </h2>
      {offer.branch_notes !== "" && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long notes scroll, and hold nothing else to focus
        <p class="notes" tabIndex={0}>
          {offer.branch_notes}
        </p>
      )}
    </section>
  );
}

/** Oneself, as one will be seen. */
function Preview() {
  const { state, words } = useDesk();
  const picture = state.ownPicture.value;
  if (picture === null) return null;
  return (
    <figure class="ring-preview">
      <Video stream={picture} label={words("own-picture")} testid="ring-preview" muted mirrored />
      <figcaption>{words("ring-preview")}</figcaption>
    </figure>
  );
}
