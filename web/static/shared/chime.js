// Tells somebody who looks elsewhere, or stands far off, by a few notes.

const NOTES_HZ = [660, 880];
const NOTE_S = 0.18;

let sound = null;

/** Browsers give sound to a page only where somebody has pressed something. */
export function prepareChime() {
  if (sound === null && "AudioContext" in window) sound = new AudioContext();
  if (sound !== null) sound.resume();
}

export function chime(notes = NOTES_HZ) {
  if (sound === null) return;
  notes.forEach((pitch, i) => {
    const [note, volume, from] = [sound.createOscillator(), sound.createGain(), sound.currentTime + i * NOTE_S];
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0.15, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 2 * NOTE_S);
    note.connect(volume).connect(sound.destination);
    note.start(from);
    note.stop(from + 2 * NOTE_S);
  });
}
