// Colours on the picture.

export const COLOURS = { pass: "#3ec874", warn: "#ffb228", fail: "#f04248", unjudged: "#c3cad2" };
export const INK = "#14181e";
