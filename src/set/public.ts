import type { Key } from '../core/kinds.js'
import type { SharedSetConstructor } from './constructor.js'
import { SharedSet as SetClass } from './set.js'

/** A Set that all threads of the program share. */
export type SharedSet<T extends Key = any> = SetClass<T>
export const SharedSet = SetClass as unknown as SharedSetConstructor

export type { SharedSetConstructor } from './constructor.js'
export type { SharedSetHandle } from './handle.js'
export type { SharedSetOptions } from './options.js'
