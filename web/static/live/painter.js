// Paints what the server says is to be drawn (`sketch` in docs/live.md), as posecoach/drawing/painter.py does on the server's pictures.

const PAINT = { line, disc, area, words };

/** Paints a sketch over the whole of a canvas of any size; `family` is the font of its words. */
export function paint(pen, sketch, family) {
  const { width, height } = pen.canvas;
  pen.save();
  pen.scale(width / sketch.size[0], height / sketch.size[1]);
  pen.lineJoin = "round";
  for (const shape of sketch.shapes) PAINT[shape.kind](pen, shape, sketch.colours[shape.colour], family);
  pen.restore();
}

function line(pen, { points, width, dash }, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineCap = dash ? "butt" : "round";
  pen.setLineDash(dash || []);
  trace(pen, points);
  pen.stroke();
}

function disc(pen, { centre: [x, y], radius }, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

function area(pen, { points, opacity, edge }, colour) {
  trace(pen, points);
  pen.closePath();
  pen.globalAlpha = opacity;
  pen.fillStyle = colour;
  pen.fill();
  pen.globalAlpha = 1;
  if (!edge) return;
  pen.strokeStyle = colour;
  pen.lineWidth = edge;
  pen.setLineDash([]);
  pen.stroke();
}

function words(pen, { at: [x, y], words: text, size, width }, colour, family) {
  pen.font = `${size}px ${family}`;
  pen.textBaseline = "alphabetic";
  pen.fillStyle = colour;
  pen.fillText(text, x, y, width);
}

function trace(pen, points) {
  pen.beginPath();
  points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
}
