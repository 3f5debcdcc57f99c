// Views of buffers as they are, whatever their own properties say: by the getters of the classes themselves, taken when
// the library is loaded. A subclass may have others, and so may whoever wants to be taken for one.

type Getter<T> = (this: unknown) => T

function getterOf<T>(prototype: object, name: string | symbol): Getter<T> {
  return Object.getOwnPropertyDescriptor(prototype, name)!.get as Getter<T>
}

const TypedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array
const classNameOf = getterOf<string | undefined>(TypedArray, Symbol.toStringTag)
const lengthIn = getterOf<number>(TypedArray, 'length')
const validate = TypedArray.keys

/** Where a view lies. */
export interface Extent {
  readonly buffer: ArrayBufferLike
  readonly byteOffset: number
  readonly byteLength: number
}

function extentBy(prototype: object): (view: unknown) => Extent {
  const [buffer, byteOffset, byteLength] = [
    getterOf<ArrayBufferLike>(prototype, 'buffer'),
    getterOf<number>(prototype, 'byteOffset'),
    getterOf<number>(prototype, 'byteLength'),
  ]
  return (view) => ({ buffer: buffer.call(view), byteOffset: byteOffset.call(view), byteLength: byteLength.call(view) })
}

const extentOfArray = extentBy(TypedArray)
const extentOfDataView = extentBy(DataView.prototype)

/** The name of the class of a typed array, of whatever realm; undefined for anything else. */
export function arrayName(value: unknown): string | undefined {
  return classNameOf.call(value)
}

/** Elements of a typed array. */
export function lengthOf(array: unknown): number {
  return lengthIn.call(array)
}

/** Where a view lies. A DataView throws that cannot be read any more; an array shows nothing then. */
export function extentOf(view: ArrayBufferView): Extent {
  return arrayName(view) === undefined ? extentOfDataView(view) : extentOfArray(view)
}

/** Whether what a view shows is still there: its buffer may have been transferred to another thread, or have shrunk. */
export function isReadable(view: ArrayBufferView): boolean {
  try {
    if (arrayName(view) === undefined) extentOfDataView(view)
    else validate.call(view as Uint8Array)
    return true
  } catch {
    return false
  }
}

const byteLengthIn = getterOf<number>(ArrayBuffer.prototype, 'byteLength')

/** Whether this is an ArrayBuffer, be it one that was transferred; those of shared memory are none. */
export function isArrayBuffer(value: unknown): boolean {
  try {
    return byteLengthIn.call(value) >= 0
  } catch {
    return false
  }
}

// Neither is there in older runtimes, where no buffer changes its size.
const resizableIn = optional(ArrayBuffer.prototype, 'resizable')
const growableIn = typeof SharedArrayBuffer === 'function' ? optional(SharedArrayBuffer.prototype, 'growable') : undefined

function optional(prototype: object, name: string): Getter<boolean> | undefined {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as Getter<boolean> | undefined
}

/** Whether a buffer can become larger or smaller. */
export function canChange(buffer: ArrayBufferLike): boolean {
  return says(resizableIn, buffer) ?? says(growableIn, buffer) ?? false
}

/** What a getter says of a buffer; undefined: it is none of its own class. To find that out takes microseconds: an error is made. */
function says(getter: Getter<boolean> | undefined, buffer: ArrayBufferLike): boolean | undefined {
  try {
    return getter?.call(buffer)
  } catch {
    return undefined
  }
}
