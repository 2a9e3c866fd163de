/** Asks what may be read from the maps, as far as it is to be seen, and again when they come to rest elsewhere. */
import { computed, effect, untracked } from "@preact/signals";
import { isAdvised, isLarge, isOf, rests } from "./reading";
import type { View } from "./view";

/** A line-up is dropped when its map moves on, and in the making also when its tab is left; returns how to stop. */
export function watchLineUp({ lineUp, reading, store, drawer }: View): () => void {
  const stop = effect(() => {
    const asked = lineUp.asked.value;
    const map = asked && store.maps.value.find(({ run }) => run === asked.run);
    const same = map && rests(map) && isOf(asked, map);
    const waitedFor = drawer.value === "reading" && reading.map.value === map;
    const kept = same && (waitedFor || !lineUp.latest.loading.value);
    if (asked && !kept) untracked(() => lineUp.drop());
  });
  return () => {
    stop();
    lineUp.dispose();
  };
}

/** For the open tab of the drawer, the line under the map, and what is drawn; returns how to stop. */
export function watchReading(view: View): () => void {
  const { reading, store } = view;
  const open = computed(() => view.drawer.value === "reading" && store.reachable.value);
  const leave = [
    effect(() => {
      const [reference, shown] = [store.reference.value, reading.map.value];
      for (const map of new Set([reference, shown])) {
        const advised = store.reachable.value && isAdvised(store, map) && !isLarge(store);
        if (!advised && !(open.value && map === shown && rests(map))) continue;
        map.place.value;
        const rest = view.rest.value;
        const inquiry = reading.of("map", map.run);
        untracked(() => {
          if (!inquiry.fits(map) || inquiry.outlived(rest)) inquiry.ask(null, null, [], rest);
        });
      }
    }),
    effect(() => {
      const [rows] = reading.about("group");
      const map = reading.map.value;
      if (!open.value || !rests(map) || !reading.begun.value) return;
      map.place.value;
      const rest = view.rest.value;
      untracked(() => {
        const inquiry = reading.of("group");
        if (!rows?.length) inquiry.stop();
        else if (!inquiry.fits(map, [rows]) || inquiry.outlived(rest)) reading.ask("group", rest);
      });
    }),
    effect(() => {
      const map = reading.map.value;
      if (!(open.value || reading.drawsGaps.value) || !rests(map)) return;
      map.place.value;
      for (const question of ["noise", "torn", "gaps", "verdict"] as const) {
        const inquiry = reading.of(question);
        untracked(() => {
          if (inquiry.wanted.value && !inquiry.fits(map)) reading.ask(question);
        });
      }
    }),
    // Nobody has asked about rows that came after.
    effect(() => {
      const about = reading.about("verdict");
      untracked(() => reading.keepVerdictsAbout(about));
    }),
  ];
  return () => {
    for (const each of leave) each();
    reading.dispose();
  };
}
