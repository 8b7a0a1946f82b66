// A voice note without a microphone: a short hummed phrase, so that a bot gets real bytes and the page can play them.

const RATE = 8000; // samples a second, as a telephone
const NOTES = [294, 330, 262, 349, 330, 294]; // Hz
const EACH = 0.45; // seconds a note

/** A WAV file of a few soft tones, and its length in whole seconds. */
export function hum() {
  const samples = NOTES.flatMap(tone);
  const view = new DataView(new ArrayBuffer(44 + samples.length));
  header(view, samples.length);
  samples.forEach((sample, at) => view.setUint8(44 + at, 128 + Math.round(sample * 60)));
  const file = new File([view.buffer], "voice.wav", { type: "audio/wav" });
  return { file, duration: Math.round(samples.length / RATE) };
}

function tone(pitch) {
  const length = Math.round(RATE * EACH);
  return Array.from(
    { length },
    (_, at) => Math.sin((2 * Math.PI * pitch * at) / RATE) * Math.sin((Math.PI * at) / length),
  );
}

function header(view, length) {
  const words = (at, text) => [...text].forEach((letter, each) => view.setUint8(at + each, letter.charCodeAt(0)));
  words(0, "RIFF");
  view.setUint32(4, 36 + length, true);
  words(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // plain samples
  view.setUint16(22, 1, true); // one channel
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true); // bits a sample
  words(36, "data");
  view.setUint32(40, length, true);
}
