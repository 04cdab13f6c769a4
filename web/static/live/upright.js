// Whether a phone in the hand is held straight, by its own sense of what is down: a slanted picture makes level shoulders slant.

const MOST_DEG = 4;
const STEADY_MS = 1500;

/**
 * How far a screen is turned about the line of sight, -180 to 180 degrees, from the way its picture stands; null where the phone lies flat or
 * tells nothing. `beta` and `gamma` of a deviceorientation event, `angle` of the screen's orientation.
 */
export function rollOf({ beta, gamma }, angle) {
  if (typeof beta !== "number" || typeof gamma !== "number") return null;
  const [front, side] = [beta, gamma].map((degrees) => (degrees * Math.PI) / 180);
  const [across, down] = [Math.cos(front) * Math.sin(side), Math.sin(front)];
  if (Math.hypot(across, down) < 0.5) return null;
  const roll = (Math.atan2(across, down) * 180) / Math.PI + angle;
  return ((((roll + 180) % 360) + 360) % 360) - 180;
}

/** Tells once, by `tell()`, when the phone has been held slanted for a while; again only after it was straight. */
export class Upright {
  constructor(tell) {
    this.tell = tell;
    this.slantedAt = null;
    this.hear = (event) => this.note(rollOf(event, screen.orientation ? screen.orientation.angle : 0), performance.now());
  }

  watch() {
    this.slantedAt = null;
    addEventListener("deviceorientation", this.hear);
  }

  stop() {
    removeEventListener("deviceorientation", this.hear);
  }

  note(roll, now) {
    if (roll === null || Math.abs(roll) <= MOST_DEG) this.slantedAt = null;
    else if (this.slantedAt === null) this.slantedAt = now;
    else if (now - this.slantedAt >= STEADY_MS) {
      this.slantedAt = Infinity;
      this.tell();
    }
  }
}
