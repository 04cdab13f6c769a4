// The one-euro filter of posecoach/body/smoothing.py.

const MAX_GAP_MS = 500;
const SPEED_CUTOFF_HZ = 1;

export class OneEuro {
  constructor(minCutoffHz, beta) {
    this.minCutoffHz = minCutoffHz;
    this.beta = beta;
    this.reset();
  }

  /** Forgets the past; the next points come out as they went in. */
  reset() {
    this.points = null;
  }

  /** Points sampled at `t_ms`, smoothed; lengths are counted in multiples of `unit`. A pause starts it afresh. */
  smooth(points, t_ms, unit) {
    const gap = t_ms - this.t_ms;
    if (!this.points || !(gap > 0 && gap <= MAX_GAP_MS)) {
      this.speed = points.map(() => [0, 0]);
      this.points = points;
    } else {
      const moved = points.map((point, i) => this.step(point, i, gap / 1000, unit));
      this.speed = moved.map(({ speed }) => speed);
      this.points = moved.map(({ point }) => point);
    }
    this.t_ms = t_ms;
    return this.points;
  }

  step(point, i, seconds, unit) {
    const [last, weight] = [this.points[i], weightOf(SPEED_CUTOFF_HZ, seconds)];
    const speed = this.speed[i].map((was, axis) => was + weight * ((point[axis] - last[axis]) / seconds - was));
    const follow = weightOf(this.minCutoffHz + (this.beta / unit) * Math.hypot(...speed), seconds);
    return { speed, point: last.map((was, axis) => was + follow * (point[axis] - was)) };
  }
}

function weightOf(cutoffHz, seconds) {
  const turns = 2 * Math.PI * cutoffHz * seconds;
  return turns / (turns + 1);
}
