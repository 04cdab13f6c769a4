// Body and face of one person in the pictures of a camera, in the pixels of the picture.

import { Bodies } from "./bodies.js";
import { Faces } from "./faces.js";
import { frameOf } from "./frames.js";
import { BodyModel, CrowdModel, FaceModel } from "./models.js";
import * as pictures from "./pixels.js";

const BLANK_PX = 256;

export class Recogniser {
  /** Loads the models and shows each a blank picture, for which it gets ready. */
  static async open() {
    const [body, crowd] = [await BodyModel.open(), await CrowdModel.open()];
    const face = await FaceModel.open(); // last: what it leaves behind keeps the others from starting
    const blank = pictures.cut(null, null, BLANK_PX);
    body.find(blank, 0);
    await face.find(blank);
    crowd.people(blank);
    return new Recogniser(body, face, crowd);
  }

  constructor(bodyModel, faceModel, crowdModel) {
    this.bodies = new Bodies(bodyModel, crowdModel, pictures);
    this.faces = new Faces(faceModel, pictures.cut);
  }

  /** What a picture taken at `t_ms` shows, as the frame of a landmark post. */
  async look(picture, t_ms) {
    const [body, face] = await this.faces.find(picture, this.bodies.find(picture, t_ms), t_ms);
    const { width, height } = picture;
    const seen = { width, height, brightness: pictures.brightness(picture), hasCompany: this.bodies.isInCompany(t_ms) };
    return frameOf(t_ms, seen, body, face);
  }
}
