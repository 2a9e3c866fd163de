/** What may be read from the maps: Python's findings, when they are asked for, and what of them is drawn. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { Latest, type Question } from "../store/latest";
import type { MapState } from "../store/map";
import type { Store } from "../store/store";
import { unsigned } from "../wire/bytes";
import type { ReadQuestion, Subject } from "../wire/protocol";
import type { Finding, ReadReply } from "../wire/replies";
import type { Labels } from "../wire/traits";
import type { Playback } from "./playback";
import { rowsWhere } from "./rows";

export const SELECTION: Subject = { of: "selection", name: null };
/** Questions that take more than a moment, and are asked only if the user wants them. */
export type Costly = Exclude<ReadQuestion, "map" | "group">;

type Query = Question<"read">;
/** When a map was looked at. */
type Moment = Pick<ReadReply, "epoch" | "iteration">;
/** The rows that a question was about: names may come to mean others. */
type About = readonly (Int32Array | null)[];
/** The moment of all maps, if they rest: repetitions of a map tell of its luck. */
type Rest = string | null;

/** One question about one map. */
export class Inquiry {
  readonly latest: Latest<Query>;
  /** Whether the user wants it, so that it is asked again when the map has moved on. */
  readonly wanted = signal(false);
  private readonly about = new WeakMap<Query, About>();
  private rest: Rest = null;

  /** `view`: the number of the view that asks. */
  constructor(
    private readonly store: Store,
    private readonly view: number,
    readonly question: ReadQuestion,
    private readonly run: number,
  ) {
    this.latest = new Latest(store);
  }

  get reply(): ReadReply | null {
    return this.latest.answer.value?.result ?? null;
  }

  /** Whether the newest answer is about the map as it is, and about these rows. */
  fits(map: MapState, about: About = []): boolean {
    const answer = this.latest.answer.value;
    return answer !== null && isOf(answer.result, map) && this.isAbout(answer.query, about);
  }

  /** Whether all maps have come to rest since it was asked, elsewhere than then. */
  outlived(rest: Rest): boolean {
    return rest !== null && rest !== this.rest;
  }

  ask(first: Subject | null, second: Subject | null, about: About, rest: Rest = null): void {
    const { question, run, view } = this;
    this.stop();
    this.rest = rest;
    const query: Query = { name: "read", question, run, first, second, view };
    this.about.set(query, about);
    this.latest.ask(query);
  }

  /** Stops what is under way. */
  stop(): void {
    if (!this.latest.loading.peek()) return;
    const { question, run, view, store } = this;
    this.latest.cancel();
    store.ask({ name: "drop_read", question, run, view }).catch(() => {});
  }

  /** Asks no more. */
  cancel(): void {
    this.wanted.value = false;
    this.stop();
  }

  forget(): void {
    this.cancel();
    this.latest.forget();
  }

  private isAbout(query: Query, about: About): boolean {
    const asked = this.about.get(query) ?? [];
    return about.every((rows, i) => sameRows(rows, asked[i] ?? null));
  }
}

export class Reading {
  /** The map to read: the reference, or the one chosen. */
  readonly map: ReadonlySignal<MapState>;
  /** The rows to read: of a name that is gone, the selection. */
  readonly first: ReadonlySignal<Subject>;
  /** What they are judged against; null: the clump beside them. */
  readonly second: ReadonlySignal<Subject | null>;
  /** Whether gaps, and the links that cross between two groups, are drawn. */
  readonly drawsGaps = signal(false);
  readonly drawsLinks = signal(false);
  /** The gap that stands out, by its position among all. */
  readonly marked: Signal<number | null> = signal(null);
  /** The section of the tab to show. */
  readonly sought: Signal<"luck" | null> = signal(null);
  /** Whether there is anything to tell: the nearest rows of every row are known, or not asked for yet. */
  readonly begun: ReadonlySignal<boolean>;
  /** What matters most about the reference map at rest; null: nothing, or not known yet. */
  readonly advice: ReadonlySignal<Finding | null>;
  private readonly chosenRun: Signal<number | null> = signal(null);
  private readonly chosen: Signal<{ first: Subject; second: Subject | null }> = signal({
    first: SELECTION,
    second: null,
  });
  private readonly inquiries = new Map<string, Inquiry>();
  /** The rows that verdicts are about. */
  private judged: About = [];

  constructor(
    private readonly store: Store,
    private readonly view: number,
    playback: Playback,
  ) {
    this.map = computed(
      () => store.maps.value.find(({ run }) => run === this.chosenRun.value) ?? store.reference.value,
    );
    this.first = computed(() => {
      const { first } = this.chosen.value;
      return rowsOf(store, first) ? first : SELECTION;
    });
    this.second = computed(() => {
      const { second } = this.chosen.value;
      return second && rowsOf(store, second) ? second : null;
    });
    this.begun = computed(() => this.of("map").reply?.findings.length !== 0);
    this.advice = computed(() => {
      const map = store.reference.value;
      if (!isAdvised(store, map) || playback.shown.value.has(map.run)) return null;
      const asked = this.of("map", map.run);
      return asked.fits(map) ? (asked.reply?.advice ?? null) : null;
    });
  }

  /** For the drawer: the answers about the map. */
  get latest(): Latest<Query> {
    return this.of("map").latest;
  }

  of(question: ReadQuestion, run = this.map.value.run): Inquiry {
    const key = `${question}:${run}`;
    const known = this.inquiries.get(key) ?? new Inquiry(this.store, this.view, question, run);
    this.inquiries.set(key, known);
    return known;
  }

  choose(run: number): void {
    this.chosenRun.value = run;
  }

  /** Reads other rows, or judges them against others. */
  chooseRows(first: Subject, second: Subject | null): void {
    this.chosen.value = { first, second: sameSubject(first, second) ? null : second };
  }

  /** The rows that a question is about. */
  about(question: ReadQuestion): About {
    if (question !== "group" && question !== "verdict") return [];
    const second = this.second.value;
    const against = question === "verdict" && second ? [rowsOf(this.store, second)] : [];
    return [rowsOf(this.store, this.first.value), ...against];
  }

  /** Asks a costly question, now and whenever the map comes to rest elsewhere. */
  want(question: Costly): void {
    const inquiry = this.of(question);
    inquiry.wanted.value = true;
    if (rests(this.map.peek())) this.ask(question);
  }

  ask(question: ReadQuestion, rest: Rest = null): void {
    const about = this.about(question);
    const first = about.length > 0 ? this.first.value : null;
    this.of(question).ask(first, about.length > 1 ? this.second.value : null, about, rest);
  }

  /** Forgets verdicts about other rows. */
  keepVerdictsAbout(about: About): void {
    const same =
      about.length === this.judged.length && about.every((rows, i) => sameRows(rows, this.judged[i]));
    this.judged = about;
    if (same) return;
    this.drawsLinks.value = false;
    for (const inquiry of this.inquiries.values()) if (inquiry.question === "verdict") inquiry.forget();
  }

  dispose(): void {
    for (const inquiry of this.inquiries.values()) {
      inquiry.cancel();
      inquiry.latest.dispose();
    }
  }
}

/** Whether a map can be read: it has a layout and does not move. */
export function rests(map: MapState): boolean {
  const [status, picture] = [map.status.value, map.picture.value];
  if (status?.kind !== "at rest" || status.playing || !picture) return false;
  return picture.epoch === status.epoch && picture.iteration === status.iteration;
}

/** Whether the line under the map says something of this one: not of an initial layout. */
export function isAdvised(store: Store, map: MapState): boolean {
  const begun = (map.status.value?.iteration ?? 0) > 0 || !map.method.live;
  return store.advice.value && store.reference.value === map && begun && rests(map);
}

/** Whether there are so many rows that the line under the map waits to be asked. */
export function isLarge({ points, limits }: Store): boolean {
  return points.n >= limits.advice_rows;
}

/** Whether a reply is about the map as it is. */
export function isOf({ epoch, iteration }: Moment, map: MapState): boolean {
  const status = map.status.value;
  return status?.epoch === epoch && status.iteration === iteration;
}

/** The rows that a name means; null if it means none any more. */
export function rowsOf(store: Store, { of, name }: Subject): Int32Array | null {
  if (of === "selection") return store.selection.value;
  if (of === "group") return store.groups.value.find((group) => group.name === name)?.rows ?? null;
  const labels = store.labels.value;
  const code = namesOf(labels).indexOf(name);
  if (labels?.kind !== "categories" || code < 0) return null;
  const codes = unsigned(labels.codes);
  return rowsWhere(codes.length, (row) => codes[row] === code);
}

/** The names of labels, of which each row has one or none. */
export function namesOf(labels: Labels | null): string[] {
  if (labels?.kind !== "categories") return [];
  return labels.names.slice(0, labels.names.length - Number(labels.has_missing));
}

export function sameSubject(a: Subject, b: Subject | null): boolean {
  return a.of === b?.of && a.name === b.name;
}

function sameRows(a: Int32Array | null, b: Int32Array | null): boolean {
  return a === b || (a?.length === b?.length && (a?.every((row, i) => row === b?.[i]) ?? false));
}
