// The life of a check as this page sees it. A check belongs to the page that asked for it: what others ask for is neither shown nor broken off here.
//
// idle -> waiting (for the person to be in place) -> asked (of the server) -> running -> idle

const IDLE = { phase: "idle" };

/** What follows on an event in a phase: the next phase and what to `do`: "ask" or "drop" (the server's check), "show" (the result), "tell" (why). */
const STEPS = {
  idle: { press: { phase: "waiting" } },
  waiting: {
    press: IDLE,
    left: IDLE,
    late: { ...IDLE, do: "tell", why: "check_late" },
    ready: { phase: "asked", do: "ask" },
  },
  asked: {
    press: { ...IDLE, do: "drop" },
    left: { ...IDLE, do: "drop" },
    refused: IDLE,
    moved: { phase: "waiting" },
    running: { phase: "running" },
  },
  running: {
    press: { ...IDLE, do: "drop" },
    left: { ...IDLE, do: "drop" },
    moved: { phase: "waiting" },
    gone: { ...IDLE, do: "tell", why: "check_gone" },
    done: { ...IDLE, do: "show" },
  },
};

/** The step after `event`; an event that means nothing in a phase changes nothing. */
export const stepAfter = (phase, event) => STEPS[phase][event] || { phase };

/**
 * The event that a state is for a check in a phase. `waitedMs`: for how long it has been waiting; `hasMoved`: whether another session is judged
 * than the one that was asked, as when the coach PC looks at the pictures because this device is too slow: the check begins anew there.
 */
export function eventOf(phase, state, waitedMs, mostMs, hasMoved = false) {
  const { check } = state;
  if (hasMoved && (phase === "asked" || phase === "running")) return "moved";
  const isRunning = Boolean(check) && check.phase !== "done";
  if (phase === "waiting") return waitedMs > mostMs ? "late" : state.placement.ready && !isRunning ? "ready" : null;
  if (phase === "asked") return isRunning ? "running" : null;
  if (phase === "running" && !isRunning) return check && check.result ? "done" : "gone";
  return null;
}
