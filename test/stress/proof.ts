// Self-proving data: a value that says which key it was written for, by whom, and whether all of it is there.

/** Longest filling: values of 8 bytes to 1 KiB, so that they come from many size classes. */
const MAX_FILLING = 1000

/** A value for this key: writer, running number, a filling of `length` characters that follows from them, a sum. */
export function prove(key: string, writer: number, n: number, length: number): string {
  const body = `${key}|${writer}|${n}|${fill(writer, n, Math.min(length, MAX_FILLING))}`
  return `${body}|${sumOf(body)}`
}

/** Why this value cannot have been written for this key; undefined if it can. */
export function disprove(key: string, value: string): string | undefined {
  const parts = value.split('|')
  if (parts.length !== 5) return `has ${parts.length} parts`
  const [found, writer, n, filling, sum] = parts as [string, string, string, string, string]
  if (found !== key) return `was written for ${found}`
  if (filling !== fill(Number(writer), Number(n), filling.length)) return 'has parts of another value in its filling'
  return String(sumOf(parts.slice(0, 4).join('|'))) === sum ? undefined : 'has a wrong sum'
}

function fill(writer: number, n: number, length: number): string {
  return `${writer}.${n};`.repeat(Math.ceil(length / 4)).slice(0, length)
}

function sumOf(text: string): number {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) >>> 0
  return sum
}
