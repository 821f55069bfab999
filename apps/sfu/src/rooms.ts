/** The rooms of a server: made when somebody joins, gone when they are empty for a while. */
import type { SfuRefusal } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import type { types } from "mediasoup"
import { tooMany, unavailable } from "./refusals.ts"
import { Room } from "./Room.ts"
import type { Ended, Stay } from "./Stay.ts"
import type { WorkerPlace } from "./workers.ts"

/** What rooms are made with. */
export interface RoomsOptions {
  /** How many there may be. */
  readonly limit: number
  readonly emptyMs: number
  readonly codecs: Array<types.RouterRtpCodecCapability>
  /** Where workers are. */
  readonly places: () => ReadonlyArray<WorkerPlace>
  readonly later: (ms: number, then: () => void) => void
  /** A stay has left its room. */
  readonly left: (stay: Stay) => void
}

/** The rooms that there are. */
export class Rooms {
  readonly #options: RoomsOptions
  readonly #rooms = new Map<string, Room>()
  #stopped = false

  constructor(options: RoomsOptions) {
    this.#options = options
  }

  get all(): Iterable<Room> {
    return this.#rooms.values()
  }

  get(name: string): Room | undefined {
    return this.#rooms.get(name)
  }

  /** A room, for somebody who is about to join; a new one begins on the live worker that has the fewest peers. `arrived` comes next. */
  open(name: string): Effect.Effect<Room, SfuRefusal> {
    return Effect.suspend(() => {
      const there = this.#rooms.get(name)
      if (there !== undefined) {
        there.arriving += 1
        return Effect.succeed(there)
      }
      const { codecs, left, limit, places } = this.#options
      const place = places().filter(({ live }) => live !== undefined).toSorted((a, b) => a.peers - b.peers)[0]
      if (this.#stopped || place?.live === undefined) {
        return Effect.fail(unavailable)
      }
      if (this.#rooms.size >= limit) {
        return Effect.fail(tooMany("rooms", limit))
      }
      const room = new Room(name, place, place.live, codecs, (stay) => {
        left(stay)
        this.#dropWhenEmpty(room)
      })
      this.#rooms.set(name, room)
      room.arriving += 1
      return Effect.succeed(room)
    })
  }

  /** Whoever was about to join has done so, or will not. */
  arrived(room: Room): void {
    room.arriving -= 1
    this.#dropWhenEmpty(room)
  }

  /** Ends a room. */
  drop(room: Room, why: Ended): void {
    if (this.#rooms.get(room.name) === room) {
      this.#rooms.delete(room.name)
    }
    room.close(why)
  }

  /** Ends the rooms on a worker. */
  dropOn(place: WorkerPlace): void {
    for (const room of this.#rooms.values()) {
      if (room.place === place) {
        this.drop(room, "workerDied")
      }
    }
  }

  /** Ends all rooms, for good. */
  stop(): void {
    this.#stopped = true
    for (const room of this.#rooms.values()) {
      this.drop(room, "roomClosed")
    }
  }

  #dropWhenEmpty(room: Room): void {
    if (room.stays.size > 0 || room.closed) {
      return
    }
    const { joins } = room
    this.#options.later(this.#options.emptyMs, () => {
      if (room.stays.size === 0 && room.arriving === 0 && room.joins === joins) {
        this.drop(room, "roomClosed")
      }
    })
  }
}
