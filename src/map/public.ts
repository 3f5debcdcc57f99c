import type { Key } from '../core/kinds.js'
import type { SharedMapConstructor } from './constructor.js'
import { SharedMap as MapClass } from './map.js'

/** A Map that all threads of the program share. */
export type SharedMap<K extends Key = any, V = any> = MapClass<K, V>
export const SharedMap = MapClass as unknown as SharedMapConstructor

export type { SharedMapConstructor } from './constructor.js'
export type { SharedMapHandle } from './handle.js'
export type { SharedMapOptions } from './options.js'
