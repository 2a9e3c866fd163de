/**
 * Every message between Python and a client. With the files that it imports, it mirrors
 * `tsne_widget/wire/protocol.py`.
 */
import { type Check, number, object, orNull, refuse, text, whole } from "./checks";
import { type News, type PlacedNews, parseNews } from "./news";
import type { AxisValue, ColorMode, ConditionTrait, Labels } from "./traits";

export type FromPython =
  | { type: "news"; seq: number; runs: News[]; placed: PlacedNews[] }
  | { type: "answer"; client: string; id: number; error: string | null }
  | {
      type: "reply";
      client: string;
      id: number;
      error: string | null;
      result: unknown;
      buffers: readonly DataView[];
    }
  /** How far the answer is that will be the reply with the same id. */
  | { type: "progress"; client: string; id: number; share: number }
  /** Sent twice: at once, and after the news `sent` by a thread that handles no message. */
  | { type: "alive"; client: string; sent: number | null; told: number | null; known: number | null }
  /** The view's code, for a client that has not found its model. */
  | { type: "bundle"; hash: string; text: string };

/** The traits that a client sets. */
export type Settable =
  | "selection"
  | "selected_placed"
  | "align"
  | "tooltip_columns"
  | "height"
  | "point_size"
  | "opacity"
  | "color_scale"
  | "show_names"
  | "name_by"
  | "show_images"
  | "_reference";

/** `run` null: all runs. */
export type Command =
  | { name: "play" | "pause" | "restart" | "recover"; run: number | null }
  | { name: "step"; value: number; run: number | null }
  | { name: "change"; axis: string; value: AxisValue; run: number | null }
  /** All combinations of the values, and the methods beside them; a missing axis and null leave things as they are. */
  | { name: "compare"; values: Record<string, AxisValue[]>; beside: string[] | null }
  /** So many repetitions of the first map in place of those shown; 0 removes them. */
  | { name: "repeat"; value: number; kind: RepeatKind }
  /** A map of the selected rows, or of all others; null: with the first map's perplexity. */
  | { name: "map_selection"; without: boolean; perplexity: number | null }
  | { name: "keep" | "remove"; run: number }
  | { name: "undo" | "redo" }
  /** Sets a trait if the trait itself may not arrive; a selection is a list of rows. */
  | { name: "set"; trait: Settable; value: unknown }
  | { name: "color"; mode: ColorMode; column: string | null; kind: Labels["kind"] | null }
  | { name: "save_group"; group: string | null; color: string | null }
  | { name: "rename_group"; group: string; to: string }
  | { name: "recolor_group"; group: string; color: string }
  | { name: "delete_group"; group: string }
  /** A condition on a column in place of those it has: a range or values; both null: none. */
  | ({ name: "filter" } & Pick<ConditionTrait, "column" | "range" | "values">)
  /** A condition of the filter, counted from 0. */
  | { name: "drop_condition" | "turn_condition"; condition: number }
  | { name: "join_conditions"; any: boolean }
  | { name: "clear_filter" }
  /** Suggested groups by name; null: all of them. */
  | { name: "accept_suggestions" | "drop_suggestions"; names: string[] | null }
  | { name: "merge_suggestions"; names: string[] }
  | { name: "rename_suggestion"; group: string; to: string };

/** What repetitions of a map differ in: their random start, or also their rows. */
export type RepeatKind = "starts" | "rows";

/** What can be asked about what may be read from a map. */
export type ReadQuestion = "map" | "noise" | "torn" | "gaps" | "group" | "verdict";

/** Where clumps are looked for: on a map, or among the rows that are nearest in its metric. */
export type ClumpsOn = "map" | "data";

/** Rows to ask about; only the selection has no name. */
export type Subject = { of: "selection"; name: null } | { of: "group" | "label"; name: string };

export interface Sort {
  column: string;
  descending: boolean;
}

/** A question whose answer concerns only its client. */
export type Query =
  | {
      name: "rows";
      /** null: the selected rows; if there are none, those that pass the filter. */
      rows: number[] | null;
      sort: Sort | null;
      offset: number;
      limit: number;
      columns: string[];
    }
  /** `view`: which one in the tab asks; its older question is dropped. */
  | { name: "contrast"; against: string | null; limit: number; view: number }
  | { name: "measure"; measure: string; runs: number[]; row: number | null; view: number }
  /** How far groups hold together on repetitions of the map; `view` as for a measure. */
  | { name: "together"; view: number }
  /**
   * "group" is about `first`, "verdict" about both; `second` null: the clump beside it. Replaces the view's older
   * question of the kind about that map.
   */
  | {
      name: "read";
      question: ReadQuestion;
      run: number;
      first: Subject | null;
      second: Subject | null;
      view: number;
    }
  /** A map among maps of noise, `n` in all. Replaces the view's older one of that map. */
  | { name: "lineup"; run: number; n: number; view: number }
  /** Has clumps suggested to all clients. Replaces the view's older question about that map. */
  | { name: "find_clumps"; on: ClumpsOn; run: number; view: number }
  | { name: "drop_read"; question: ReadQuestion | "lineup" | "clumps"; run: number; view: number }
  /** How many rows are in the bins of tiles: level, column, row. Replaces the view's older question. */
  | { name: "density"; tiles: [number, number, number][]; view: number }
  | { name: "neighbors"; row: number; k: number }
  | { name: "find"; text: string; column: string | null }
  /** How the values of a column are distributed. */
  | { name: "distribution"; column: string }
  | { name: "labels" | "names" }
  /** The suggested groups. */
  | { name: "suggestions" }
  | { name: "keyframes" }
  | { name: "keyframes_at"; iteration: number }
  | { name: "html"; columns: string[]; place: boolean; images: boolean }
  | { name: "group_distances"; by: "labels" | "groups"; run: number };

export type ToPython =
  | { type: "bundle" }
  | { type: "hello"; client: string; visible: boolean }
  | { type: "alive"; client: string; visible: boolean; seq: number; told: number }
  | { type: "ack" | "pull"; client: string; visible: boolean; seq: number }
  | { type: "bye"; client: string }
  | ({ type: "command"; client: string; id: number } & Command)
  | { type: "query"; client: string; id: number; query: Query };

const ID: Check<number> = whole();
const SEQ = whole(1);

/** Checks a message from Python and decodes its buffers; `n` is the number of points. */
export function parseMessage(content: unknown, buffers: readonly DataView[], n: number): FromPython {
  const message = object(content, "message");
  switch (message.type) {
    case "news":
      return { type: "news", seq: SEQ(message.seq, "seq"), ...parseNews(message, buffers, n) };
    case "answer":
      return {
        type: "answer",
        client: text(message.client, "client"),
        id: ID(message.id, "id"),
        error: orNull(text)(message.error, "error"),
      };
    case "reply":
      return {
        type: "reply",
        client: text(message.client, "client"),
        id: ID(message.id, "id"),
        error: orNull(text)(message.error, "error"),
        result: message.result,
        buffers,
      };
    case "progress":
      return {
        type: "progress",
        client: text(message.client, "client"),
        id: ID(message.id, "id"),
        share: number(message.share, "share"),
      };
    case "alive":
      return {
        type: "alive",
        client: text(message.client, "client"),
        sent: orNull(ID)(message.sent, "sent"),
        told: orNull(ID)(message.told, "told"),
        known: orNull(ID)(message.known, "known"),
      };
    case "bundle":
      return { type: "bundle", hash: text(message.hash, "hash"), text: text(message.text, "text") };
    default:
      return refuse(message.type, "type", "a known message type");
  }
}
