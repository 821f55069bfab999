/** What WrtcEngine uses of `@roamhq/wrtc`, whose own types name those of a browser, which are not there in Node. */

export interface NativeTrack {
  readonly readyState: "live" | "ended"
  readonly id: string
  readonly stop: () => void
}

export interface NativeTransceiver {
  readonly mid: string | null
  readonly currentDirection: string | null
  direction: string
  readonly receiver: { readonly track: NativeTrack }
  readonly sender: { readonly replaceTrack: (track: NativeTrack | null) => Promise<void> }
  readonly stop: () => void
}

export interface NativeChannel {
  readonly label: string
  readonly protocol: string
  readonly readyState: string
  readonly bufferedAmount: number
  readonly send: (data: string | Uint8Array) => void
  readonly close: () => void
  readonly addEventListener: (
    type: "open" | "close" | "message",
    listen: (event: { readonly data: string | ArrayBuffer }) => void
  ) => void
}

/** The members that are read; each may be missing. */
export interface NativeStats {
  readonly id: string
  readonly type: string
  readonly mid?: string
  readonly trackIdentifier?: string
  readonly codecId?: string
  readonly mimeType?: string
  readonly ssrc?: number
  readonly mediaSourceId?: string
  readonly packetsSent?: number
  readonly bytesSent?: number
  readonly packetsReceived?: number
  readonly bytesReceived?: number
  readonly packetsLost?: number
  /** Seconds. */
  readonly jitter?: number
  /** Seconds. */
  readonly currentRoundTripTime?: number
  readonly selectedCandidatePairId?: string
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly address?: string
  readonly port?: number
  readonly protocol?: string
  readonly candidateType?: "host" | "srflx" | "prflx" | "relay"
}

export interface Description {
  readonly type: "offer" | "answer" | "rollback"
  readonly sdp: string
}

interface Configuration {
  readonly bundlePolicy: "max-bundle"
  readonly iceServers: ReadonlyArray<object>
}

export interface NativeConnection {
  readonly connectionState: string
  readonly addEventListener: (
    type: "icecandidate" | "connectionstatechange" | "datachannel",
    listen: (event: {
      readonly candidate: {
        readonly candidate: string
        readonly sdpMid: string
        readonly sdpMLineIndex: number
        readonly usernameFragment: string
      } | null
      readonly channel: NativeChannel
    }) => void
  ) => void
  readonly addTransceiver: (kind: "audio" | "video") => NativeTransceiver
  readonly getTransceivers: () => ReadonlyArray<NativeTransceiver>
  readonly createOffer: (options: { readonly iceRestart: boolean }) => Promise<Description>
  readonly createAnswer: () => Promise<Description>
  readonly setLocalDescription: (description: Description) => Promise<void>
  readonly setRemoteDescription: (description: Description) => Promise<void>
  readonly setConfiguration: (configuration: Configuration) => void
  readonly addIceCandidate: (candidate: object) => Promise<void>
  readonly createDataChannel: (label: string, options: object) => NativeChannel
  readonly getStats: () => Promise<ReadonlyMap<string, NativeStats>>
  readonly close: () => void
}

export interface Wrtc {
  readonly RTCPeerConnection: new(configuration: Configuration) => NativeConnection
  readonly nonstandard: {
    readonly RTCAudioSource: new() => {
      readonly createTrack: () => NativeTrack
      readonly onData: (data: { readonly samples: Int16Array; readonly sampleRate: number }) => void
    }
    readonly RTCVideoSource: new() => {
      readonly createTrack: () => NativeTrack
      readonly onFrame: (frame: { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }) => void
    }
  }
}
