// The rivals of other languages: their names on the command line, what people call them, and whose program runs them.

export const NATIVE_LANGUAGES = ['go', 'rust', 'java'] as const
export type NativeLanguage = (typeof NATIVE_LANGUAGES)[number]

export interface NativeRival {
  /** Also the argument that the program takes. */
  name: string
  title: string
  language: NativeLanguage
}

export const NATIVE_RIVALS: readonly NativeRival[] = [
  { name: 'go-sync-map', title: 'Go sync.Map', language: 'go' },
  { name: 'go-locked-map', title: 'Go map + RWMutex', language: 'go' },
  { name: 'go-sharded-map', title: 'Go sharded map', language: 'go' },
  { name: 'go-xsync', title: 'Go xsync.Map', language: 'go' },
  { name: 'rust-dashmap', title: 'Rust dashmap', language: 'rust' },
  { name: 'rust-papaya', title: 'Rust papaya', language: 'rust' },
  { name: 'java-concurrent-hash-map', title: 'Java ConcurrentHashMap', language: 'java' },
]
