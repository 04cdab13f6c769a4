// Recognises one person in the pictures it is sent: a worker under a policy of its own (posecoach/webapp/recogniser.py), which answers with
// the bytes of a landmark post's frame (docs/live.md). A classic script, since MediaPipe loads its parts with importScripts; all that
// computes lies in the modules beside it.

for (const level of ["log", "info", "warn", "error"]) console[level] = () => {}; // MediaPipe's libraries chatter there

async function open() {
  const { fetchAll } = await import("/static/recogniser/models.js");
  await fetchAll();
  self.postMessage({ kind: "fetched" });
  const { Recogniser } = await import("/static/recogniser/recogniser.js");
  return Recogniser.open();
}

const opening = open();
const failed = (error) => self.postMessage({ kind: "failed", why: String(error) });
opening.then(() => self.postMessage({ kind: "ready" }), failed);

self.onmessage = async ({ data: { picture, t_ms } }) => {
  try {
    const began = performance.now();
    const frame = await (await opening).look(picture, t_ms);
    self.postMessage({ kind: "found", t_ms, frame, took_ms: performance.now() - began }, [frame]);
  } catch (error) {
    failed(error);
  } finally {
    picture.close();
  }
};
