/** What the far side of a served engine has open, by the numbers that the near side knows it by. */
import type { Handle } from "./Frame.ts"

export class Handles<A> {
  readonly #all = new Map<Handle, { readonly value: A; readonly owner: Handle | undefined }>()

  /** What has an owner is forgotten with it. */
  set(handle: Handle, value: A, owner?: Handle): void {
    this.#all.set(handle, { value, owner })
  }

  get(handle: Handle): A | undefined {
    return this.#all.get(handle)?.value
  }

  ownerOf(handle: Handle): Handle | undefined {
    return this.#all.get(handle)?.owner
  }

  /** Gets it and forgets it. */
  take(handle: Handle): A | undefined {
    const value = this.get(handle)
    this.#all.delete(handle)
    return value
  }

  forget(owner: Handle): void {
    for (const [handle, one] of this.#all) if (one.owner === owner) this.#all.delete(handle)
  }

  values(): ReadonlyArray<A> {
    return [...this.#all.values()].map(({ value }) => value)
  }
}
