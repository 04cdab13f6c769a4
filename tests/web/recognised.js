// What the recogniser's scripts make of a clip whose bodies and meshes are given in a file, for test_recogniser.py to compare with Python.

import { Faces } from "../../web/static/recogniser/faces.js";
import { frameOf } from "../../web/static/recogniser/frames.js";
import { pxPerM } from "../../web/static/recogniser/regions.js";
import { postOf, together } from "../../web/static/live/landmark_post.js";

const { size, mesh, frames } = JSON.parse(Deno.readTextFileSync(Deno.args[0]));
const [width, height] = size;
const picture = { width, height };
let now = null;
const model = { find: (square) => Promise.resolve(square && now.sees.includes(square.side > now.large ? "picture" : "head") ? mesh : null) };
const faces = new Faces(model, (_, square) => square);

const told = [];
const parts = [];
for (now of frames) {
  const body = now.body && { ...now.body, scale: pxPerM(now.body) };
  const [owner, face] = await faces.find(picture, body, now.t_ms);
  told.push({ scale: body && body.scale, owner: owner !== null, face });
  parts.push({ bytes: frameOf(now.t_ms, { ...picture, brightness: 100, hasCompany: true }, owner, face), width, height });
}
const post = postOf(together(parts), frames.at(-1).t_ms + 1);
console.log(JSON.stringify({ told, post: [...post] }));
