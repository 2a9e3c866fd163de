/** Plays or pauses one map or all, makes one step, restarts. */
import type { Store } from "../../store/store";
import { Button } from "./Button";
import { PauseIcon, PlayIcon, RestartIcon, StepIcon } from "./icons";

interface SteeringProps {
  store: Store;
  /** null: all maps. */
  run: number | null;
  playing: boolean;
  /** Whether it is computed step by step. */
  live?: boolean;
  /** The key that plays and pauses. */
  shortcut?: string;
  restart?: string;
}

export function Steering({ store, run, playing, live = true, shortcut = "", ...props }: SteeringProps) {
  const { restart = "Restart from the beginning" } = props;
  return (
    <>
      {live && (
        <>
          <Button
            label={(playing ? "Pause" : "Play") + shortcut}
            onClick={() => store.command({ name: playing ? "pause" : "play", run })}
          >
            {playing ? <PauseIcon /> : <PlayIcon />}
          </Button>
          <Button label="One step" onClick={() => store.command({ name: "step", value: 1, run })}>
            <StepIcon />
          </Button>
        </>
      )}
      <Button label={restart} onClick={() => store.command({ name: "restart", run })}>
        <RestartIcon />
      </Button>
    </>
  );
}
