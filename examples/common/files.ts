// Finds the files below a folder, and tells text from everything else.
import { readdirSync, statSync, type Dirent } from 'node:fs'
import path from 'node:path'
import { eachPiece } from './read.js'

export interface Unreadable {
  path: string
  reason: string
}

export interface Listing {
  files: string[]
  /** Symbolic links that lead somewhere. They are not followed. */
  links: number
  unreadable: Unreadable[]
}

export interface TextFiles {
  /** Largest first: a large file claimed last would keep one worker busy while the others have nothing left. */
  files: string[]
  /** In bytes, of the file in the same place. */
  sizes: number[]
  /** The sum of what was counted in the pieces of the file in the same place. */
  counts: number[]
  bytes: number
  binary: number
  unreadable: Unreadable[]
}

type CountIn = (piece: Uint8Array) => number

interface TextSize {
  bytes: number
  count: number
}

const BYTES_LOOKED_AT = 8192

/** The clock that file times are taken from may be as much behind Date.now(). */
const CLOCK_TICK_MS = 20

/** Throws if `folder` is not a folder or cannot be listed. */
export function checkFolder(folder: string): void {
  readdirSync(folder)
}

/**
 * Lists the regular files below `folder`. A link is only one more name: what it leads to is listed where it really is
 * if that is below `folder`, and is none of our business otherwise. So nothing counts twice, and cycles cannot occur.
 */
export function listFiles(folder: string): Listing {
  const listing: Listing = { files: [], links: 0, unreadable: [] }
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of entriesOf(next, listing.unreadable)) {
      const name = path.join(next, entry.name)
      if (entry.isDirectory()) folders.push(name)
      else if (entry.isFile()) listing.files.push(name)
      else if (entry.isSymbolicLink()) checkLink(name, listing)
      // Opening a pipe would wait for a writer, perhaps for ever.
      else listing.unreadable.push({ path: name, reason: 'not a regular file' })
    }
  }
  return listing
}

/**
 * Reads every file once and keeps the text files. This also leaves the files in the system's cache, so that the
 * strategy that happens to run first does not pay for the disk. `countIn` may count something in all that is read.
 */
export function findTextFiles(files: string[], onProgress: (done: number) => void, countIn: CountIn = () => 0): TextFiles {
  const found: TextFiles = { files: [], sizes: [], counts: [], bytes: 0, binary: 0, unreadable: [] }
  const texts: ({ file: string } & TextSize)[] = []
  files.forEach((file, i) => {
    try {
      const size = textSize(file, countIn)
      if (size === undefined) found.binary++
      else texts.push({ file, ...size })
    } catch (error) {
      found.unreadable.push({ path: file, reason: reasonOf(error) })
    }
    onProgress(i + 1)
  })
  for (const { file, bytes, count } of texts.sort((a, b) => b.bytes - a.bytes)) {
    found.files.push(file)
    found.sizes.push(bytes)
    found.counts.push(count)
    found.bytes += bytes
  }
  return found
}

/** The size of a text file, all of which is read; undefined for a binary file. */
function textSize(file: string, countIn: CountIn): TextSize | undefined {
  let [bytes, count, isBinary] = [0, 0, false]
  eachPiece(file, (piece) => {
    isBinary = bytes === 0 && piece.subarray(0, BYTES_LOOKED_AT).includes(0)
    bytes += piece.length
    if (!isBinary) count += countIn(piece)
    return !isBinary
  })
  return isBinary ? undefined : { bytes, count }
}

/** The files that were written or removed after `timeMs`, a reading of Date.now(). */
export function filesChangedSince(files: string[], timeMs: number): string[] {
  return files.filter((file) => {
    const stats = statSync(file, { throwIfNoEntry: false })
    return stats === undefined || stats.mtimeMs > timeMs - CLOCK_TICK_MS
  })
}

function entriesOf(folder: string, unreadable: Unreadable[]): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    unreadable.push({ path: folder, reason: reasonOf(error) })
    return []
  }
}

function checkLink(name: string, listing: Listing): void {
  try {
    statSync(name)
    listing.links++
  } catch (error) {
    listing.unreadable.push({ path: name, reason: `symbolic link, ${reasonOf(error)}` })
  }
}

/** 'ENOENT: no such file or directory' of "ENOENT: no such file or directory, open '/some/path'". */
export function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/, \w+( '.*)?$/s, '')
}
