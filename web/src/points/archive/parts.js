// parts of the archive: ranges that a server gives, or slices of a file that the reader chose

/**
 * @typedef {{ read: (from: number, length: number) => Promise<Uint8Array<ArrayBuffer>> }} Parts
 */

// what went wrong, as the key of the text that says it
export class ArchiveError extends Error {}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {number} length */
const whole = (bytes, length) => {
  if (bytes.length !== length) throw new ArchiveError("archive.short");
  return bytes;
};

/** @param {string} url @returns {Parts} */
export const ranges = (url) => ({
  read: async (from, length) => {
    const stop = new AbortController();
    const asked = { headers: { Range: `bytes=${from}-${from + length - 1}` }, signal: stop.signal };
    const answer = await window.fetch(url, asked).catch(() => {
      throw new ArchiveError("archive.unreached");
    });
    // a server that knows no ranges would send all of it
    if (answer.status !== 206) {
      stop.abort();
      throw new ArchiveError(answer.ok ? "archive.ranges" : "archive.unreached");
    }
    return whole(new Uint8Array(await answer.arrayBuffer()), length);
  },
});

/** @param {File} file @returns {Parts} */
export const slices = (file) => ({
  read: async (from, length) =>
    whole(
      new Uint8Array(
        await file
          .slice(from, from + length)
          .arrayBuffer()
          .catch(() => {
            throw new ArchiveError("archive.unreached");
          }),
      ),
      length,
    ),
});
