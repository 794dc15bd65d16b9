// A file of a sweep: WebP frames as the browser encodes them, put together here
// (developers.google.com/speed/webp/docs/riff_container).

function riffChunk(name, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(8 + length + (length % 2));
  for (let i = 0; i < 4; i++) bytes[i] = name.charCodeAt(i);
  new DataView(bytes.buffer).setUint32(4, length, true);
  let at = 8;
  for (const part of parts) { bytes.set(part, at); at += part.length; }
  return bytes;
}

function threeBytes(...numbers) {
  return Uint8Array.from(numbers.flatMap((n) => [n & 255, (n >> 8) & 255, (n >> 16) & 255]));
}

// The chunks of a still WebP that hold its pixels.
function pixelChunks(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length), found = [];
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4)), length = view.getUint32(at + 4, true);
    const whole = 8 + length + (length % 2);
    if (["ALPH", "VP8 ", "VP8L"].includes(name)) found.push(bytes.subarray(at, at + whole));
    at += whole;
  }
  return found;
}

// Frames (bytes of still WebP files) as one animation that goes on for ever.
function joinWebp(frames, [height, width], milliseconds) {
  const size = threeBytes(width - 1, height - 1);
  const each = frames.map((frame) => riffChunk("ANMF", threeBytes(0, 0), size, threeBytes(milliseconds),
    Uint8Array.of(2), ...pixelChunks(frame))); // 2: not blended with the frame before
  return riffChunk("RIFF", bytesOf("WEBP"),
    riffChunk("VP8X", Uint8Array.of(2, 0, 0, 0), size), // 2: an animation
    riffChunk("ANIM", new Uint8Array(6)), ...each);
}
