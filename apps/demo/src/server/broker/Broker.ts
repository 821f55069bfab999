/** What several relays share: publish and subscribe, and nothing kept. Each broker's client is behind this. */
export interface Broker {
  /** Its address without credentials, for people. */
  readonly address: string
  readonly isConnected: () => boolean
  /** What is published while the broker is away is lost. */
  readonly publish: (subject: string, text: string) => void
  /** Holds across the broker's restarts. Returns how to stop. */
  readonly subscribe: (subject: string, onText: (text: string) => void) => () => void
  /** Called each time that the broker is there (again), with all subscriptions in place. */
  readonly onConnected: (listener: () => void) => void
  readonly close: () => Promise<void>
}
