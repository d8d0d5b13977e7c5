// Real-time text, both ways, letter by letter. Finished lines are spoken; a line in the making is only shown, or
// each letter would start the reading anew.
import { useEffect, useRef } from "preact/hooks";
import { MAX_TEXT_CHARS } from "../protocol/messages";
import { type TextLine, visible } from "../state/text";
import { useDesk } from "./context";
import { Button, Key } from "./controls/button";
import { useShortcut } from "./controls/shortcut";

/** The key that leads to the field. */
const KEY = "T";

export function TextPanel() {
  const { state, commands, words } = useDesk();
  const scroll = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const keys = state.preferences.value.shortcuts;
  useShortcut(field, KEY, keys, () => field.current?.focus());
  const lines = visible(state.conversation.value);
  const done = lines.filter((line) => line.done);
  const me = state.view.value?.seat.id;
  const open = lines.filter((line) => !line.done && (line.author === "visitor" || line.sender !== me));

  useEffect(() => {
    scroll.current?.scrollTo({ top: scroll.current.scrollHeight });
  }, [lines.length, open.at(-1)?.text]);

  return (
    <section class="panel text" data-testid="text" aria-labelledby="text-title">
      <h2 id="text-title">
        {words("text-title")} {keys && <Key>{KEY}</Key>}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div ref={scroll} class="text-scroll" role="log" aria-labelledby="text-title" tabIndex={0}>
        {lines.length === 0 && <p class="soft">{words("text-empty")}</p>}
        {done.map((line) => (
          <TextRow key={`${line.sender}-${line.entry}`} line={line} />
        ))}
        {open.map((line) => (
          <TextRow key={`${line.sender}-${line.entry}`} line={line} />
        ))}
      </div>
      <form
        class="text-form"
        onSubmit={(event) => {
          event.preventDefault();
          commands.sendLine();
        }}
      >
        <input
          ref={field}
          aria-label={words("text-label")}
          placeholder={words("text-placeholder")}
          maxLength={MAX_TEXT_CHARS}
          autocomplete="off"
          value={state.draft.value}
          data-testid="text-input"
          onInput={(event) => commands.type(event.currentTarget.value)}
          onKeyDown={(event) => {
            // Escape gives the keys back to the call.
            if (event.key === "Escape") field.current?.blur();
          }}
        />
        <Button icon="send" submit testid="text-send" onPress={() => {}}>
          {words("text-send")}
        </Button>
      </form>
    </section>
  );
}

function TextRow({ line }: { line: TextLine }) {
  const { state, words } = useDesk();
  const mine = line.author === "staff" && line.sender === state.view.value?.seat.id;
  const colleague = state.view.value?.visit?.other?.name ?? words("text-colleague");
  const who = mine
    ? words("text-you")
    : line.author === "staff"
      ? colleague
      : words(line.done ? "text-visitor" : "text-visitor-typing");
  const whose = mine || line.author === "visitor" ? line.author : "colleague";
  return (
    <p
      class={`text-line by-${whose} ${line.done ? "" : "text-open"}`}
      aria-live={line.done ? undefined : "off"}
      data-testid={line.done ? `text-${whose}` : `text-${whose}-open`}
    >
      <span class="text-who">{who}</span>
      <span class="text-words">{line.text}</span>
    </p>
  );
}
