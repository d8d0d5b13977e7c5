// What a path is like, at the picture that comes over it: one word, a sentence when there is something to know, and
// the figures behind them one click away. Everything lies on the picture, so that nothing else moves when it changes.
import { useEffect, useRef } from "preact/hooks";
import type { IceTrouble } from "../protocol/messages";
import { firstName } from "../state/colleagues";
import { clock } from "../state/line";
import type { PathFacts } from "../state/path";
import { useDesk } from "./context";
import { Button } from "./controls/button";
import { Icon, type IconName } from "./controls/icon";
import {
  figureRows,
  type Interruption,
  interruption,
  type PathWord,
  pathSentence,
  pathWord,
  secondsLeft,
} from "./path_words";

const ICONS: Readonly<Record<PathWord, IconName>> = {
  good: "wifi",
  fair: "wifiHigh",
  poor: "wifiLow",
  sound_only: "volume",
  fault: "refresh",
  back: "refresh",
};

/** The conversation with the kiosk is interrupted; null while it flows. */
export function useInterruption(): Interruption | null {
  const { state } = useDesk();
  const visit = state.view.value?.visit;
  if (!visit) return null;
  return interruption(visit, state.call.value.phase, state.path.value, state.link.value);
}

/** The word at a picture; a click opens the figures. */
export function PathChip(props: {
  word: PathWord | null;
  about: string;
  testid: string;
  hint?: string;
  open: boolean;
  onPress: () => void;
}) {
  const { words } = useDesk();
  const { word } = props;
  if (word === null) return null;
  return (
    <div class="path-chip" data-word={word}>
      <Button
        icon={ICONS[word]}
        hint={props.hint}
        expanded={props.open}
        testid={props.testid}
        onPress={props.onPress}
      >
        {words(`path-word-${word}`)}
        <span class="unseen">. {props.about}</span>
      </Button>
    </div>
  );
}

/** The visitor's path: the word in the corner of the picture, the sentence at its lower edge. */
export function VisitorPath({ open, onPress }: { open: boolean; onPress: () => void }) {
  const { state, words } = useDesk();
  const path = state.path.value;
  const interrupted = useInterruption() !== null;
  const still = visitorStill(state);
  const word = pathWord(path, interrupted, still);
  const sentence = interrupted || state.held.value ? null : pathSentence(path, still);
  return (
    <>
      <PathChip
        word={word}
        about={words("path-details")}
        testid="path-word"
        hint="I"
        open={open}
        onPress={onPress}
      />
      {/* One place that stays: it is read out when its words change, and only then. */}
      <div class="path-said" role="status" data-testid="path-said">
        {word !== null && !interrupted && <span class="unseen">{words(`path-word-${word}`)}.</span>}
        {sentence !== null && <p data-sentence={sentence}>{words(sentence)}</p>}
      </div>
    </>
  );
}

/** Whether only a still comes of the visitor's picture. */
export function visitorStill(state: ReturnType<typeof useDesk>["state"]): boolean {
  const media = state.kioskMedia.value;
  return media?.camera_sending === true && media.picture_paused === true;
}

/** The conversation is interrupted: who is away, and how long it can still come back. */
export function BackCover({ interrupted }: { interrupted: Interruption }) {
  const { state, words } = useDesk();
  const before = useRef<{ until: string; left: number } | null>(null);
  const visit = state.view.value?.visit;
  const { away, until } = interrupted;
  before.current = until === null ? null : secondsLeft(before.current, until, state.nowMs.value);
  const left = before.current?.left ?? 0;
  const shaky = away === "path" && state.call.value.phase === "shaky";
  return (
    <div class="cover cover-thin" data-testid="call-cover" data-away={away}>
      <p class="cover-lead" role="status">
        {words(shaky ? "call-shaky" : `back-${away}`, { kiosk: visit?.kiosk_name ?? "" })}
      </p>
      {left > 0 && (
        // Not in the status: a figure that counts is not read out each second.
        <p class="back-left" data-testid="back-left">
          <span class="back-figure">{left}</span> {words("back-left")}
        </p>
      )}
      {left > 0 && <p>{words(away === "kiosk" ? "back-else-kiosk" : "back-else")}</p>}
    </div>
  );
}

/** Whose path is looked at first. */
export type PathOf = "visitor" | "colleague";

/** The figures behind the words, of both paths; it lies over the picture and closes by Escape. */
export function PathPanel({ first, onClose }: { first: PathOf; onClose: () => void }) {
  const { state, words } = useDesk();
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    page.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") onClose();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const other = state.view.value?.visit?.other;
  const path = state.path.value;
  const colleague = other ? state.colleaguePath.value : null;
  const ofVisitor = path && (
    <PathDetails key="visitor" path={path} title={words("path-to-visitor")} testid="figures-visitor" />
  );
  const ofColleague = other && colleague && (
    <PathDetails
      key="colleague"
      path={colleague}
      title={words("path-to-colleague", { name: firstName(other.name) })}
      testid="figures-colleague"
    />
  );
  return (
    <section
      ref={page}
      class="path-panel card"
      aria-labelledby="path-panel-title"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and holds little else to focus
      tabIndex={0}
      data-testid="path-panel"
    >
      <header>
        <h2 id="path-panel-title">{words("path-title")}</h2>
        <Button look="quiet" icon="x" testid="path-close" onPress={onClose}>
          {words("path-close")}
        </Button>
      </header>
      {state.path.value === null && <p>{words("path-none")}</p>}
      {first === "colleague" ? [ofColleague, ofVisitor] : [ofVisitor, ofColleague]}
    </section>
  );
}

function PathDetails({ path, title, testid }: { path: PathFacts; title: string; testid: string }) {
  const { state, words } = useDesk();
  const language = state.preferences.value.language;
  const number = (value: number, decimals: number) =>
    new Intl.NumberFormat(language, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }).format(value);
  return (
    <div class="path-details" data-testid={testid}>
      <h3>{title}</h3>
      {path.carried && <p>{words("path-carried")}</p>}
      <Troubles troubles={path.troubles} />
      <dl class="facts figures">
        <div class="facts-row">
          <dt>{words("figure-seconds")}</dt>
          <dd class="time">{clock(Math.floor(path.figures.seconds))}</dd>
        </div>
        {figureRows(path.figures, number).map(([name, value]) => (
          <div key={name} class="facts-row" data-figure={name}>
            <dt>{words(name)}</dt>
            <dd class="time">{value === null ? words("figure-unknown") : words(value.id, value.values)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** What keeps a path from being found, and who can mend it. */
function Troubles({ troubles }: { troubles: readonly IceTrouble[] }) {
  const { words } = useDesk();
  return (
    <>
      {troubles.map((trouble) => (
        <p key={trouble} class="path-trouble" data-testid={`trouble-${trouble}`}>
          <Icon name="warning" />
          <span>
            <strong>{words(`trouble-${trouble}`)}</strong> {words(`trouble-do-${trouble}`)}
          </span>
        </p>
      ))}
    </>
  );
}
