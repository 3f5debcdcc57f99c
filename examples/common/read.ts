// Reads a file in pieces, so that its size does not matter: a string cannot be larger than 512 MiB, a log file can.
import { closeSync, openSync, readSync } from 'node:fs'

const PIECE_BYTES = 1 << 20

/** Reused for every file. Each thread has its own. */
const buffer = Buffer.alloc(PIECE_BYTES)

/** Calls `use` with the file's bytes, piece by piece, until the end or until `use` returns false. */
export function eachPiece(file: string, use: (bytes: Buffer) => boolean | void, pieceBytes = PIECE_BYTES): void {
  const descriptor = openSync(file, 'r')
  try {
    for (;;) {
      const size = readSync(descriptor, buffer, 0, pieceBytes, null)
      if (size === 0 || use(buffer.subarray(0, size)) === false) return
    }
  } finally {
    closeSync(descriptor)
  }
}
