// MediaPipe's models, from the files the server hands out: the body in a picture, the mesh of a face in a square.

import { OUTREACH_M } from "./owner.js";
import { hipsOf, pxPerM } from "./regions.js";

const FILES = "/recogniser";
const FIRST_TS = 1000; // the landmarker takes a time of 0 for no time at all
const TRIES = 200;
const AGAIN_MS = 1500;
const MESH_PARTS = ["packed_assets.data", "simd_wasm_bin.js", "simd_wasm_bin.wasm"];
const LARGE = ["pose.task", "vision_wasm_internal.wasm", ...MESH_PARTS.map((part) => `face_mesh_solution_${part}`)];

/** Has the browser keep the large files, so that the libraries find them: the server hands out only so many at a time. */
export const fetchAll = () => Promise.all(LARGE.map((name) => fetchPatiently(`${FILES}/${name}`)));

async function fetchPatiently(address) {
  for (let left = TRIES; ; left--) {
    const answer = await fetch(address);
    if (answer.ok) return answer.arrayBuffer();
    if (answer.status !== 503 || !left) throw new Error(`${address}: ${answer.status}`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS * (0.5 + Math.random())));
  }
}

/** The Tasks landmarker of posecoach/estimators/mediapipe.py with the same models. */
async function landmarker(runningMode, numPoses) {
  const { PoseLandmarker } = await import(`${FILES}/vision_bundle.mjs`);
  const files = { wasmLoaderPath: `${FILES}/vision_wasm_internal.js`, wasmBinaryPath: `${FILES}/vision_wasm_internal.wasm` };
  const baseOptions = { modelAssetPath: `${FILES}/pose.task`, delegate: "CPU" };
  return PoseLandmarker.createFromOptions(files, { baseOptions, runningMode, numPoses });
}

/** Finds who is in a picture, two people at most; remembers nothing. */
export class CrowdModel {
  static async open() {
    return new CrowdModel(await landmarker("IMAGE", 2));
  }

  constructor(found) {
    this.landmarker = found;
  }

  /** Middle of the hips `x`, `y` and `radius` of an outstretched body, for each. */
  people(picture) {
    const { landmarks, worldLandmarks } = this.landmarker.detect(picture);
    return landmarks.map((points, i) => {
      const { px, world } = bodyOf(points, worldLandmarks[i], picture);
      const [x, y] = hipsOf(px);
      return { x, y, radius: OUTREACH_M * pxPerM({ px, world }) };
    });
  }
}

/** Follows one body from picture to picture. */
export class BodyModel {
  static async open() {
    return new BodyModel(await landmarker("VIDEO", 1));
  }

  constructor(found) {
    this.landmarker = found;
    this.last = 0;
  }

  /** The body in a picture, or null: `px` and `world` points, `visibility`. `t_ms` never falls. */
  find(picture, t_ms) {
    this.last = Math.max(this.last + 1, FIRST_TS + Math.trunc(t_ms));
    const { landmarks: [points], worldLandmarks: [world] } = this.landmarker.detectForVideo(picture, this.last);
    return points ? bodyOf(points, world, picture) : null;
  }
}

const bodyOf = (points, world, { width, height }) => ({
  px: points.map(({ x, y }) => [x * width, y * height]),
  world: world.map(({ x, y, z }) => [x, y, z]),
  visibility: points.map(({ visibility }) => visibility),
});

/** FaceMesh with irises; follows one face from square to square until it sees a blank one. */
export class FaceModel {
  static async open() {
    self.importScripts(`${FILES}/face_mesh.js`);
    const mesh = new self.FaceMesh({ locateFile: (name) => `${FILES}/${name}` });
    mesh.setOptions({ maxNumFaces: 1, refineLandmarks: true });
    await mesh.initialize();
    FaceModel.mend(mesh.g);
    return new FaceModel(mesh);
  }

  /** In a worker, this release makes a WebGL 1 context, which it then cannot use, and forgets where it is. */
  static mend(inner) {
    const { GL } = inner.h;
    inner.l = inner.h.canvas = new OffscreenCanvas(1, 1);
    GL.makeContextCurrent(GL.createContext(inner.l, { majorVersion: 2, antialias: false, alpha: false }));
    inner.D = GL.currentContext.GLctx;
    if (!inner.D) throw new Error("no WebGL 2");
  }

  constructor(mesh) {
    this.mesh = mesh;
    mesh.onResults(({ multiFaceLandmarks: [face] }) => (this.face = face));
  }

  /** The face in a square canvas as points in shares of its side, or null. */
  async find(square) {
    this.face = null;
    await this.mesh.send({ image: square });
    return this.face ? this.face.map(({ x, y }) => [x, y]) : null;
  }
}
