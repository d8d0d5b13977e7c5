// Typed text of one visit: who wrote which line, and how it stands now. Real-time text, EN 301 549 6.2.
import { MAX_TEXT_CHARS, MAX_TEXT_ENTRIES, type Party, type TextDraft } from "../protocol/messages";

export interface TextLine {
  readonly author: Party;
  /** Whose seat wrote it; two librarians in one conversation each number their own lines. Of visitors there is one. */
  readonly sender: string;
  readonly entry: number;
  readonly text: string;
  readonly done: boolean;
}

/** Lines in the order in which they were begun. */
export type Conversation = readonly TextLine[];

/** The conversation after one message: an entry that is known is replaced, a new one goes last. */
export function withDraft(lines: Conversation, draft: Omit<TextDraft, "visit_id">): Conversation {
  const line: TextLine = {
    author: draft.author,
    sender: draft.sender,
    entry: draft.entry,
    text: draft.text,
    done: draft.done,
  };
  const at = lines.findIndex((known) => sameWriter(known, line) && known.entry === line.entry);
  if (at < 0) return [...lines, line].slice(-MAX_TEXT_ENTRIES);
  // A line that is done stays done: a draft that was overtaken must not open it again.
  if (lines[at]?.done && !line.done) return lines;
  return lines.with(at, line);
}

function sameWriter(one: TextLine, other: TextLine): boolean {
  return one.author === other.author && (one.author === "visitor" || one.sender === other.sender);
}

/** What the kiosk remembers, with what this page has seen since laid over it. */
export function withHistory(
  lines: Conversation,
  entries: readonly Omit<TextDraft, "visit_id">[],
): Conversation {
  const remembered = entries.reduce<Conversation>(withDraft, []);
  return lines.reduce<Conversation>(withDraft, remembered);
}

/** The lines that this seat wrote. */
export function written(lines: Conversation, seatId: string): Conversation {
  return lines.filter((line) => line.author === "staff" && line.sender === seatId);
}

/** The number of the next line of this seat. */
export function nextEntry(lines: Conversation, seatId: string): number {
  return 1 + Math.max(0, ...written(lines, seatId).map((line) => line.entry));
}

/** This seat's line by its number, as long as it is not finished. */
export function openLine(lines: Conversation, seatId: string, entry: number): TextLine | undefined {
  return written(lines, seatId).find((line) => line.entry === entry && !line.done);
}

/** Lines worth showing: an unfinished line that was emptied again is not. */
export function visible(lines: Conversation): Conversation {
  return lines.filter((line) => line.text.trim() !== "");
}

/** `text` as the wire carries it. */
export function bounded(text: string): string {
  return text.slice(0, MAX_TEXT_CHARS);
}
