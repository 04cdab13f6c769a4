// What is pasted into the table of the roster: cells copied out of a spreadsheet, and words for what can be picked.

/** The rows of cells in text as spreadsheets copy it: tabs between cells, quotes round cells that hold a quote or a line's end. */
export function cellsOf(text) {
  const rows = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/gy;
  for (let found = pattern.exec(text); found && found.index < text.length; found = pattern.exec(text)) {
    rows.at(-1).push((found[1] === undefined ? found[2] : found[1].replaceAll('""', '"')).trim());
    if (found[3] !== "\t" && pattern.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

/** Whether pasted rows begin with headings, one of which is that of the file: then they are a roster. */
export const isRoster = (rows, headings) => rows.length > 1 && rows[0].some((cell) => headings.includes(cell.toLowerCase()));

/** The code of a choice that a word means (`null` for an empty one); undefined where there is none. */
export function codeOf(word, choices) {
  const wanted = word.trim().toLowerCase();
  if (!wanted) return null;
  return (choices.find(({ id, zh, en, words }) => [id, zh, en, ...words].some((known) => known.toLowerCase() === wanted)) || { id: undefined }).id;
}

/** A name out of the name of a file: without folders, ending, numbers and what tells the view. */
export function nameOf(file) {
  const stem = file.split("/").at(-1).replace(/\.[^.]*$/, "");
  const [name] = stem.split(/[\s_\-—·.,，、()（）]+/).filter((part) => /\p{L}/u.test(part));
  return name || "";
}
