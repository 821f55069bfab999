/** What a page is told of its server, at `/config`. For both. */
export interface ServerConfig {
  /** The relay's path on this server, for a WebSocket. */
  readonly relay: string
  /** The SFU's path, likewise; null without one. */
  readonly sfu: string | null
  /** The bot's name in every room; null without one. */
  readonly bot: string | null
}
