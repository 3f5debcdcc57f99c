// What the reports of the examples have in common.
import type { Unreadable } from './files.js'

const MOST_NAMED = 100

export function reportUnreadable(unreadable: Unreadable[]): string {
  const lines = unreadable.slice(0, MOST_NAMED).map(({ path, reason }) => `  ${printable(path)}: ${reason}`)
  if (unreadable.length > MOST_NAMED) lines.push(`  and ${grouped(unreadable.length - MOST_NAMED)} more`)
  return [`${grouped(unreadable.length)} unreadable:`, ...lines].join('\n')
}

/** A file's name may hold anything, even what would move the cursor. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

export function grouped(n: number): string {
  return n.toLocaleString('en-US')
}

export function counted(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`
}
