// What the recogniser's scripts make of a clip whose bodies and meshes are given in a file, for test_recogniser.py to compare with Python.

import { Faces } from "../../web/static/recogniser/faces.js";
import { Owner } from "../../web/static/recogniser/owner.js";
import { patchesOf, toLab } from "../../web/static/recogniser/looks.js";
import { frameOf } from "../../web/static/recogniser/frames.js";
import { pxPerM } from "../../web/static/recogniser/regions.js";
import { postOf, together } from "../../web/static/live/landmark_post.js";

const { size, mesh, frames, walk, colours } = JSON.parse(Deno.readTextFileSync(Deno.args[0]));
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
const owner = new Owner();
const owned = walk.map(({ people, t_ms, ...body }) => {
  if (people) owner.meet(people, t_ms);
  return [owner.isUneasy(body.looks), owner.owns(body, t_ms), owner.isInCompany(t_ms)];
});
const patches = patchesOf(frames[0].body.px);
console.log(JSON.stringify({ told, post: [...post], owned, patches, labs: colours.map(toLab) }));
