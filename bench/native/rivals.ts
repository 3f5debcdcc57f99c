// The rivals of other languages: their names on the command line, what people call them, and whose program runs them.

/** `caffeine` is Java with a package of Maven Central. */
export const NATIVE_LANGUAGES = ['go', 'rust', 'java', 'caffeine'] as const
export type NativeLanguage = (typeof NATIVE_LANGUAGES)[number]

export interface NativeRival {
  /** Also the argument that the program takes. */
  name: string
  title: string
  language: NativeLanguage
  /** It is a cache: see Rival. */
  caches?: 'only' | 'drops'
}

export const NATIVE_RIVALS: readonly NativeRival[] = [
  { name: 'go-sync-map', title: 'Go sync.Map', language: 'go' },
  { name: 'go-locked-map', title: 'Go map + RWMutex', language: 'go' },
  { name: 'go-sharded-map', title: 'Go sharded map', language: 'go' },
  { name: 'go-xsync', title: 'Go xsync.Map', language: 'go' },
  { name: 'rust-dashmap', title: 'Rust dashmap', language: 'rust' },
  { name: 'rust-papaya', title: 'Rust papaya', language: 'rust' },
  { name: 'java-concurrent-hash-map', title: 'Java ConcurrentHashMap', language: 'java' },
  { name: 'go-otter', title: 'Go otter', language: 'go', caches: 'only' },
  { name: 'go-ristretto', title: 'Go ristretto', language: 'go', caches: 'drops' },
  { name: 'rust-moka', title: 'Rust moka', language: 'rust', caches: 'only' },
  { name: 'java-caffeine', title: 'Java Caffeine', language: 'caffeine', caches: 'only' },
]
