// Whether somebody else is in the picture, for whom the whole picture is searched now and then.

const LOOK_MS = 3000;
const COMPANY_LOOK_MS = 1000;
const COMPANY_MS = 3000;

export class Company {
  /** `model.isCrowd(picture)`: whether it shows two bodies or more. */
  constructor(model) {
    this.model = model;
    this.lookAt = -Infinity;
    this.metAt = -Infinity;
  }

  /** Whether somebody else was there a moment ago. */
  isThere(picture, t_ms) {
    if (t_ms >= this.lookAt) {
      const isCrowd = this.model.isCrowd(picture);
      if (isCrowd) this.metAt = t_ms;
      this.lookAt = t_ms + (isCrowd ? COMPANY_LOOK_MS : LOOK_MS);
    }
    return t_ms - this.metAt <= COMPANY_MS;
  }
}
