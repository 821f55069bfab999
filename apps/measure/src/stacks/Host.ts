/** Where a stack lives, a page or a process, and how it is asked to do something. For what measures from outside. */
export const stackNames = ["chromium", "firefox", "werift"] as const
export type StackName = (typeof stackNames)[number]

export interface Host {
  /** Such as `Chromium 156`. */
  readonly title: string
  /** Asks the page, or the process, for what it has under this name, with what can be written as JSON. */
  readonly ask: <A>(name: string, given: unknown) => Promise<A>
  /** A new page, or process: what the one before may have left behind is gone. */
  readonly renew: () => Promise<void>
  readonly close: () => Promise<void>
}
