/** The data channels between two mock connections: who opens them, and when they close. For `networkSide`. */
import type { DataChannel, DriverEvent } from "@enigma-rtc/core"
import { type ChannelEnd, type ChannelPlace, type MockChannel, mockChannel } from "./mockChannel.ts"

/** What one end's data is to the other end. */
export interface DataEnd {
  /** Have both descriptions here a section for data? */
  readonly isAgreed: () => boolean
  /** The other end opens a channel. */
  readonly accept: (label: string, protocol: string, opener: ChannelEnd, from: DataEnd) => ChannelEnd
  /** The other end's descriptions have changed. */
  readonly look: () => void
}

export interface MockChannels {
  readonly end: DataEnd
  readonly reaches: (far: DataEnd | undefined) => void
  /** Settles when the channel is open, which takes both ends: it never does if they never reach each other. */
  readonly open: (label: string, protocol: string) => Promise<DataChannel>
  /** The descriptions here have changed. */
  readonly changed: () => void
  /** The far connection has closed, and its channels with it. */
  readonly lost: () => void
  readonly close: () => void
}

export interface ChannelsPlace {
  readonly emit: (event: DriverEvent) => void
  readonly isAgreed: () => boolean
  readonly onSent: ChannelPlace["onSent"]
}

/** A connection's channels. Each belongs to the far connection with which it was opened. */
export const mockChannels = ({ emit, isAgreed, onSent }: ChannelsPlace): MockChannels => {
  let far: DataEnd | undefined
  const openers: Array<(far: DataEnd) => void> = []
  const ends = new Set<MockChannel>()

  const add = (label: string, protocol: string, theirs: DataEnd) => {
    const one: MockChannel = mockChannel(label, protocol, { carries: () => far === theirs, onSent, onOver: () => void ends.delete(one) })
    ends.add(one)
    return one
  }
  const look = () => {
    if (far !== undefined && isAgreed() && far.isAgreed()) {
      for (const open of openers.splice(0)) open(far)
    }
    for (const { flush } of ends) flush()
  }
  const end: DataEnd = {
    isAgreed,
    look,
    accept: (label, protocol, opener, from) => {
      const one = add(label, protocol, from)
      one.join(opener)
      emit({ _tag: "DataChannelOpened", channel: one.channel })
      return one.end
    }
  }
  return {
    end,
    reaches: (other) => {
      far = other
      look()
    },
    open: (label, protocol) =>
      new Promise((resolve) => {
        openers.push((theirs) => {
          const one = add(label, protocol, theirs)
          one.join(theirs.accept(label, protocol, one.end, end))
          resolve(one.channel)
        })
        look()
      }),
    changed: () => {
      look()
      far?.look()
    },
    lost: () => {
      for (const one of ends) one.end.closed()
    },
    close: () => {
      far = undefined
      // As in a browser, what waits to be opened never settles.
      openers.length = 0
      for (const one of ends) one.end.closed()
    }
  }
}
